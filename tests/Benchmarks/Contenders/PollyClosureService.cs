using Polly;

namespace ThriftBreaker.Benchmarks.Contenders;

/// <summary>Calls through a Polly pipeline in the common form: with a lambda that captures variables.</summary>
internal sealed class PollyClosureService(IService inner, ResiliencePipeline pipeline) : IService
{
    public void Run() => pipeline.Execute(() => inner.Run());

    public int Value(int number) => pipeline.Execute(() => inner.Value(number));

    public Task Later() => pipeline.ExecuteAsync(async _ => await inner.Later().ConfigureAwait(false)).AsTask();

    public Task<int> ValueLater(int number) => pipeline.ExecuteAsync(async _ => await inner.ValueLater(number).ConfigureAwait(false)).AsTask();

    public ValueTask Soon() => pipeline.ExecuteAsync(async _ => await inner.Soon().ConfigureAwait(false));

    public ValueTask<int> ValueSoon(int number) => pipeline.ExecuteAsync(async _ => await inner.ValueSoon(number).ConfigureAwait(false));
}
