using Circuit.Calculators;
using Thrift;
using Thrift.Protocol;
using Thrift.Transport;

namespace ThriftBreaker.Integration.Tests.Fuzz;

/// <summary>The result of a call with a mutated reply.</summary>
internal sealed record FuzzResult(object? Result, Exception? Error)
{
    /// <summary>Returns whether the documentation allows this result.</summary>
    public bool IsDocumented(ThriftEndpoint endpoint) => Error switch
    {
        null or DivisionByZero or Overflow or TApplicationException => true,
        TTransportException or TProtocolException or IOException or TimeoutException => Error.Message.Contains($"{endpoint}", StringComparison.Ordinal),
        _ => false,
    };

    public override string ToString() => Error is null
        ? Result switch
        {
            Dictionary<string, long> sums => string.Join(", ", sums),
            List<Work> history => string.Join(", ", history),
            var other => $"{other}",
        }
        : $"{Error.GetType().Name}: {Error.Message}";
}
