using System.Net;
using BenchmarkDotNet.Attributes;
using Circuit.Example;
using Thrift;
using Thrift.Protocol;
using Thrift.Transport;
using Thrift.Transport.Client;
using ThriftBreaker.Benchmarks.Contenders;

namespace ThriftBreaker.Benchmarks;

/// <summary>
/// Measures the allocations of a call in the client, compared with Thrift's client over an open connection.
/// </summary>
[MemoryDiagnoser]
public class CallBytes
{
    private readonly CannedServer _server = new();
    private readonly Request _request = new() { Data = "text" };
    private MyService.Client _client = null!;
    private MyService.CircuitBreakerClient _channel = null!;
    private MyService.CircuitBreakerClient _several = null!;
    private MyService.CircuitBreakerClient _connected = null!;

    [GlobalSetup]
    public async Task ConnectAsync()
    {
        var transport = new TBufferedTransport(new TSocketTransport(IPAddress.Loopback, _server.Port, new TConfiguration()));
        await transport.OpenAsync(CancellationToken.None).ConfigureAwait(false);
#pragma warning disable TB0014 // The baseline is a client without a circuit breaker.
        _client = new MyService.Client(new TBinaryProtocol(transport));
#pragma warning restore TB0014
        var endpoint = new ThriftEndpoint("127.0.0.1", _server.Port);
        _channel = Unprotected.Connect(new ThriftChannel(endpoint));
        _several = Unprotected.Connect(new ThriftChannel([endpoint]));
        _connected = MyService.CircuitBreakerClient.Connect(endpoint);
    }

    [GlobalCleanup]
    public async Task StopAsync()
    {
        await _channel.DisposeAsync().ConfigureAwait(false);
        await _several.DisposeAsync().ConfigureAwait(false);
        await _connected.DisposeAsync().ConfigureAwait(false);
        _client.Dispose();
        _server.Dispose();
    }

    [Benchmark(Baseline = true)]
    public Task<Response> Client() => _client.doSomething(_request);

    [Benchmark]
    public Task<Response> UnprotectedClient() => _channel.doSomething(_request);

    [Benchmark]
    public Task<Response> UnprotectedClientOverSeveralEndpoints() => _several.doSomething(_request);

    [Benchmark]
    public Task<Response> ConnectedClient() => _connected.doSomething(_request);
}
