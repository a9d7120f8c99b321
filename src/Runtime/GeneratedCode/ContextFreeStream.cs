namespace ThriftBreaker.GeneratedCode;

/// <summary>Enumerates a stream without the context of its caller: each step is a call.</summary>
internal sealed class ContextFreeStream<T>(IAsyncEnumerable<T> stream) : IAsyncEnumerable<T>
{
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        => new Enumerator(CallerContext.Run(
            (Stream: stream, Token: cancellationToken), static call => call.Stream.GetAsyncEnumerator(call.Token)));

    private sealed class Enumerator(IAsyncEnumerator<T> items) : IAsyncEnumerator<T>
    {
        public T Current => items.Current;

        public ValueTask<bool> MoveNextAsync() => CallerContext.Run(items, static items => items.MoveNextAsync());

        public ValueTask DisposeAsync() => CallerContext.Run(items, static items => items.DisposeAsync());
    }
}
