using System.Runtime.CompilerServices;

namespace ThriftBreaker;

// Methods that return a stream. The call starts when the stream is enumerated, not when the method returns.
internal readonly partial struct CallGuard
{
    /// <summary>
    /// Returns a stream that asks for admission when its enumeration starts. The outcome is a success when the stream
    /// ends or its enumerator is disposed, a failure when it throws. Each enumeration is a call.
    /// </summary>
    public async IAsyncEnumerable<T> Enumerate<TService, TState, T>(
        TService inner,
        TService? fallback,
        TState state,
        Func<TService, TState, CancellationToken, IAsyncEnumerable<T>> call,
        ThriftMethod? method,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where TService : class
    {
        if (!TryEnter(method, cancellationToken, out var ticket))
        {
            if (fallback is null || cancellationToken.IsCancellationRequested)
            {
                throw Rejection(cancellationToken);
            }

            await foreach (var item in call(fallback, state, cancellationToken).WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                yield return item;
            }

            yield break;
        }

        IAsyncEnumerator<T>? enumerator = null;
        try
        {
            while (true)
            {
                T item;
                try
                {
                    enumerator ??= call(inner, state, cancellationToken).GetAsyncEnumerator(cancellationToken);
                    if (!await enumerator.MoveNextAsync().ConfigureAwait(false))
                    {
                        break;
                    }

                    item = enumerator.Current;
                }
                catch (Exception error) when (Failed(ref ticket, error, method, cancellationToken))
                {
                    throw Tripped(error);
                }

                yield return item;
            }
        }
        finally
        {
            try
            {
                if (enumerator is not null)
                {
                    await enumerator.DisposeAsync().ConfigureAwait(false);
                }
            }
            catch (Exception error) when (Failed(ref ticket, error, method, cancellationToken))
            {
#pragma warning disable CA2219 // It replaces the exception of the service, which the finally block was about to rethrow.
                throw Tripped(error);
#pragma warning restore CA2219
            }

            // Does nothing after a failure, whose outcome is recorded. A classifier gets no result: the caller has
            // consumed the items.
            Returned(ref ticket, method);
        }
    }
}
