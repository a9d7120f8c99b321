using BenchmarkDotNet.Attributes;
using Circuit.Example;
using ThriftBreaker.Benchmarks.Contenders;

namespace ThriftBreaker.Benchmarks;

/// <summary>Measures calls of concurrent callers over pooled connections, and with a connection per call.</summary>
public class PoolCalls
{
    private const int Calls = 1_024;

    private readonly LoopbackServer _server = new();
    private readonly Request _request = new() { Data = "text" };
    private MyService.CircuitBreakerClient _pooled = null!;
    private MyService.CircuitBreakerClient _perCall = null!;

    [Params(1, 2, 4, 8, 32)]
    public int Callers { get; set; }

    [GlobalSetup]
    public void Connect()
    {
        var endpoint = new ThriftEndpoint("127.0.0.1", _server.Port);
        _pooled = Unprotected.Connect(new ThriftChannel(endpoint));
        _perCall = Unprotected.Connect(new ThriftChannel(endpoint, new ThriftChannelOptions { ConnectionPerCall = true }));
    }

    [GlobalCleanup]
    public async Task StopAsync()
    {
        await _pooled.DisposeAsync().ConfigureAwait(false);
        await _perCall.DisposeAsync().ConfigureAwait(false);
        await _server.DisposeAsync().ConfigureAwait(false);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Calls)]
    public Task ConnectionPerCall() => RunAsync(_perCall);

    [Benchmark(OperationsPerInvoke = Calls)]
    public Task Pool() => RunAsync(_pooled);

    private Task RunAsync(MyService.CircuitBreakerClient client)
        => Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            for (var call = 0; call < Calls / Callers; call++)
            {
                await client.doSomething(_request).ConfigureAwait(false);
            }
        })));
}
