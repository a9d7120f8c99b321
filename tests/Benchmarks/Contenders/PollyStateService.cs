using Polly;

namespace ThriftBreaker.Benchmarks.Contenders;

/// <summary>
/// Calls through a Polly pipeline as its documentation recommends for speed: with a state and static delegates.
/// </summary>
internal sealed class PollyStateService(IService inner, ResiliencePipeline pipeline) : IService
{
    public void Run() => pipeline.Execute(static service => service.Run(), inner);

    public int Value(int number) => pipeline.Execute(static call => call.inner.Value(call.number), (inner, number));

    public Task Later() => pipeline.ExecuteAsync(static (service, _) => new ValueTask(service.Later()), inner).AsTask();

    public Task<int> ValueLater(int number)
        => pipeline.ExecuteAsync(static (call, _) => new ValueTask<int>(call.inner.ValueLater(call.number)), (inner, number)).AsTask();

    public ValueTask Soon() => pipeline.ExecuteAsync(static (service, _) => service.Soon(), inner);

    public ValueTask<int> ValueSoon(int number) => pipeline.ExecuteAsync(static (call, _) => call.inner.ValueSoon(call.number), (inner, number));
}
