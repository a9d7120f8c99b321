using Circuit.Calculators;
using Thrift;
using Thrift.Protocol;
using Thrift.Transport;

namespace ThriftBreaker.Integration.Tests.Fuzz;

/// <summary>What came of a call.</summary>
internal sealed record End(object? Result, Exception? Error)
{
    /// <summary>Whether the documentation says that a call may end so.</summary>
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
