using System.Runtime.CompilerServices;

namespace ThriftBreaker.GeneratedCode;

// Methods that return a stream. The method itself does nothing: the call is the reading of what it returns.
public readonly partial struct CallGuard
{
    /// <summary>
    /// A stream that enters when it is first read, and whose verdict is a success when it ends or its reader leaves, a failure when
    /// it throws. Each reading of it is a call of its own.
    /// </summary>
    /// <param name="inner">The service.</param>
    /// <param name="fallback">What answers a call that is rejected; null for nobody.</param>
    /// <param name="state">The arguments of the call, handed through so that the delegate can be static.</param>
    /// <param name="call">Calls a service with these arguments.</param>
    /// <param name="method">The method's contract.</param>
    /// <param name="cancellationToken">The caller's token, with that of the reading added to it.</param>
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

        IAsyncEnumerator<T>? reading = null;
        try
        {
            while (true)
            {
                T item;
                try
                {
                    reading ??= call(inner, state, cancellationToken).GetAsyncEnumerator(cancellationToken);
                    if (!await reading.MoveNextAsync().ConfigureAwait(false))
                    {
                        break;
                    }

                    item = reading.Current;
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
                if (reading is not null)
                {
                    await reading.DisposeAsync().ConfigureAwait(false);
                }
            }
            catch (Exception error) when (Failed(ref ticket, error, method, cancellationToken))
            {
#pragma warning disable CA2219 // It takes the place of the service's own exception, which was on its way out of here.
                throw Tripped(error);
#pragma warning restore CA2219
            }

            // Nothing after a failure, whose verdict is given. The reader has seen the items, so there is no result to judge.
            Returned(ref ticket, method);
        }
    }
}
