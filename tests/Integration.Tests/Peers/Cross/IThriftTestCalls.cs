using Thrift.Protocol;

namespace ThriftBreaker.Integration.Tests.Peers.Cross;

/// <summary>
/// The calls of Apache Thrift's cross test. Implemented by ThriftTestCalls.cs, which is compiled together with the code
/// of ThriftTest.thrift.
/// </summary>
public interface IThriftTestCalls
{
    /// <summary>
    /// Gets the name of each call. It starts with its method's; secondtestString requires a multiplexed server.
    /// </summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>Gets the names of the methods of the contract.</summary>
    IReadOnlyList<string> Methods { get; }

    /// <summary>Connects generated clients.</summary>
    /// <param name="endpoint">The server.</param>
    /// <param name="isMultiplexed">Whether it serves ThriftTest and SecondService.</param>
    /// <param name="callTimeout">The time after which a call is aborted.</param>
    IThriftTestClient Connect(ThriftEndpoint endpoint, bool isMultiplexed, TimeSpan callTimeout);

    /// <summary>Uses Thrift's own clients.</summary>
    /// <param name="protocol">A protocol on an open connection.</param>
    /// <param name="isMultiplexed">Whether the server serves ThriftTest and SecondService.</param>
    IThriftTestClient ConnectBare(TProtocol protocol, bool isMultiplexed);
}

/// <summary>The clients of one server.</summary>
public interface IThriftTestClient : IAsyncDisposable
{
    /// <summary>Makes a call and asserts its result.</summary>
    /// <param name="name">One of <see cref="IThriftTestCalls.Names"/>.</param>
    /// <param name="serverPrints">Waits until the server has printed a line.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task CallAsync(string name, Func<string, Task> serverPrints, CancellationToken cancellationToken);
}
