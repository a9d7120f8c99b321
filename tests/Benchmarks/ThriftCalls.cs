using System.Net;
using BenchmarkDotNet.Attributes;
using Circuit.Example;
using Polly;
using Thrift;
using Thrift.Protocol;
using Thrift.Transport;
using Thrift.Transport.Client;
using ThriftBreaker.Benchmarks.Contenders;

namespace ThriftBreaker.Benchmarks;

/// <summary>Measures calls to ApacheThrift's processor over a pooled loopback connection.</summary>
[MemoryDiagnoser]
public class ThriftCalls
{
    private readonly LoopbackServer _server = new();
    private readonly Request _request = new() { Data = "text" };
    private readonly ResiliencePipeline _polly = PollyServices.Closed();
    private readonly CircuitBreaker _breaker = new();
    private MyService.Client _client = null!;
    private MyService.CircuitBreakerClient _channel = null!;
    private MyService.CircuitBreakerClient _guarded = null!;
    private MyService.CircuitBreakerClient _connected = null!;

    [GlobalSetup]
    public async Task ConnectAsync()
    {
        var transport = new TBufferedTransport(new TSocketTransport(IPAddress.Loopback, _server.Port, new TConfiguration()));
        await transport.OpenAsync(CancellationToken.None).ConfigureAwait(false);
        _client = new MyService.Client(new TBinaryProtocol(transport));
        _guarded = new MyService.CircuitBreakerClient(_client, _breaker);
        _channel = Unprotected.Connect(new ThriftChannel(new ThriftEndpoint("127.0.0.1", _server.Port)));
        _connected = MyService.CircuitBreakerClient.Connect(new ThriftEndpoint("127.0.0.1", _server.Port), new ThriftChannelOptions(), _breaker);
    }

    [GlobalCleanup]
    public async Task StopAsync()
    {
        await _channel.DisposeAsync().ConfigureAwait(false);
        await _connected.DisposeAsync().ConfigureAwait(false);
        _client.Dispose();
        await _server.DisposeAsync().ConfigureAwait(false);
    }

    [Benchmark(Baseline = true)]
    public Task<Response> Client() => _client.doSomething(_request);

    [Benchmark]
    public Task<Response> ProtectedClient() => _guarded.doSomething(_request);

    [Benchmark]
    public ValueTask<Response> PollyAroundClient()
        => _polly.ExecuteAsync(static (calls, token) => new ValueTask<Response>(calls._client.doSomething(calls._request, token)), this);

    /// <summary>Over a channel, with a disabled circuit breaker.</summary>
    [Benchmark]
    public Task<Response> UnprotectedClient() => _channel.doSomething(_request);

    /// <summary>A circuit breaker and a channel, which reconnects, applies timeouts and checks replies.</summary>
    [Benchmark]
    public Task<Response> ConnectedClient() => _connected.doSomething(_request);
}
