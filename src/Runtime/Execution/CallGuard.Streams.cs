using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

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
                    // Each step of the reader is outside of the scope: a part of the call begins here again.
                    ticket.BeginScope();
                    enumerator ??= call(inner, state, cancellationToken).GetAsyncEnumerator(cancellationToken);
                    if (!await enumerator.MoveNextAsync().ConfigureAwait(false))
                    {
                        break;
                    }

                    item = enumerator.Current;
                }
                catch (Exception error)
                {
                    // First: an exception of the disposal is what the reader gets.
                    var last = await DisposeAsync(enumerator, error).ConfigureAwait(false);
                    enumerator = null;
                    Threw(ref ticket, last, method, cancellationToken);
                    if (last != error)
                    {
                        ExceptionDispatchInfo.Throw(last);
                    }

                    throw;
                }

                yield return item;
            }
        }
        finally
        {
            // The stream has ended, or its reader has stopped.
            try
            {
                if (enumerator is not null)
                {
                    await enumerator.DisposeAsync().ConfigureAwait(false);
                }
            }
            catch (Exception error)
            {
                Threw(ref ticket, error, method, cancellationToken);
#pragma warning disable CA2219 // The exception of the disposal, as without a circuit breaker.
                throw;
#pragma warning restore CA2219
            }

            // Does nothing after a failure, whose outcome is recorded. A classifier gets no result: the caller has
            // consumed the items.
            Returned(ref ticket, method);
        }
    }

    /// <summary>Disposes a stream that has thrown, and returns the last exception.</summary>
    private static async ValueTask<Exception> DisposeAsync<T>(IAsyncEnumerator<T>? enumerator, Exception error)
    {
        try
        {
            if (enumerator is not null)
            {
                await enumerator.DisposeAsync().ConfigureAwait(false);
            }

            return error;
        }
#pragma warning disable CA1031 // The reader gets it.
        catch (Exception last)
#pragma warning restore CA1031
        {
            return last;
        }
    }
}
