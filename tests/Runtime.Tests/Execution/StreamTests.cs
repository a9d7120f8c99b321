using System.Runtime.CompilerServices;
using ThriftBreaker.GeneratedCode;

namespace ThriftBreaker.Runtime.Tests.Execution;

/// <summary>Methods that return a stream: the call is its enumeration.</summary>
public sealed class StreamTests
{
    private static readonly InvalidOperationException Error = new("the service's own");

    private readonly TestCircuit _circuit = TestCircuit.Closed();

    [Fact]
    public async Task Items_ReachTheReader()
    {
        _circuit.Fail(times: 2);

        Assert.Equal([1, 2, 3], await ReadAsync(Guarded(Count(3))));

        Assert.Equal(0, _circuit.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task Stream_EntersWhenFirstRead()
    {
        var calls = 0;
        var stream = Guarded(_ =>
        {
            calls++;
            return Empty();
        });
        await using var reading = stream.GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.Equal(0, calls);

        _circuit.CircuitBreaker.Open();

        await Assert.ThrowsAsync<CircuitOpenException>(async () => await reading.MoveNextAsync());
        Assert.Equal(0, calls);
    }

    [Fact]
    public async Task EachEnumeration_IsACall()
    {
        var calls = 0;
        var stream = Guarded(_ =>
        {
            calls++;
            return Empty();
        });

        await ReadAsync(stream);
        await ReadAsync(stream);

        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task Failure_AtAnyPoint_Counts()
    {
        Assert.Same(Error, await Assert.ThrowsAsync<InvalidOperationException>(() => ReadAsync(Guarded(static _ => throw Error))));
        Assert.Same(Error, await Assert.ThrowsAsync<InvalidOperationException>(() => ReadAsync(Guarded(Count(0, thenThrow: Error)))));
        Assert.Equal(2, _circuit.CircuitBreaker.FailureCount);
        Assert.Same(Error, _circuit.CircuitBreaker.LastException);

        Assert.Same(Error, await Assert.ThrowsAsync<InvalidOperationException>(() => ReadAsync(Guarded(Count(2, thenThrow: Error)))));
        Assert.Equal(CircuitState.Open, _circuit.CircuitBreaker.State);
    }

    [Fact]
    public async Task StreamInProgress_HasNoOutcome()
    {
        _circuit.Fail(times: 2);
        await using var reading = Guarded(Count(3)).GetAsyncEnumerator(TestContext.Current.CancellationToken);

        Assert.True(await reading.MoveNextAsync());
        Assert.Equal(2, _circuit.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task ReaderStopsEarly_IsASuccess()
    {
        _circuit.Fail(times: 2);

        await foreach (var item in Guarded(Count(3)))
        {
            Assert.Equal(1, item);
            break;
        }

        Assert.Equal(0, _circuit.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task ReadersError_IsNotAFailure()
    {
        await Assert.ThrowsAsync<NotSupportedException>(async () =>
        {
            await foreach (var _ in Guarded(Count(3)))
            {
                throw new NotSupportedException();
            }
        });

        Assert.Equal(0, _circuit.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task ClockThrows_AtFailure_IsNotASuccess()
    {
        var clock = new ManualClock();
        var breaker = new CircuitBreaker(new() { TimeProvider = clock, CancelledCountsAsFailureAfter = TimeSpan.FromSeconds(1) });
        Assert.True(breaker.TryEnter(out var failed));
        failed.Complete(CallOutcome.Failure);
        using var impatience = new CancellationTokenSource();
        var stream = new CallGuard(breaker).Enumerate(impatience, fallback: null, 0, Cancelled, method: null, impatience.Token);

        await Assert.ThrowsAsync<OperationCanceledException>(() => ReadAsync(stream));

        Assert.Equal(1, breaker.FailureCount);

        IAsyncEnumerable<int> Cancelled(CancellationTokenSource source, int state, CancellationToken token)
        {
            _ = source.CancelAsync();
            clock.BreaksAtRead = clock.Reads + 1; // At the outcome, which reads the duration of the call.
            throw new OperationCanceledException(token);
        }
    }

    [Fact]
    public async Task StreamAndItsDisposalThrow_OutcomeIsOfTheExceptionThatTheReaderGets()
    {
        var last = await Assert.ThrowsAsync<NotSupportedException>(() => ReadAsync(Guarded(static _ => new BrokenStream())));

        Assert.Same(last, _circuit.CircuitBreaker.LastException);
        Assert.Equal(1, _circuit.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task ReaderStopsEarly_DisposeThrows_IsAFailure()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var _ in Guarded(static _ => ThrowsWhenLeft()))
            {
                break;
            }
        });

        Assert.Equal(1, _circuit.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task ReaderStopsAnywhere_StreamIsDisposed()
    {
        var left = 0;
        var stream = Guarded(_ => Left(() => left++));
        await foreach (var _ in stream)
        {
            break;
        }

        await ReadAsync(stream);

        Assert.Equal(2, left);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cancellation_ByEitherToken_IsNotAFailure(bool byTheCallsToken)
    {
        using var stop = new CancellationTokenSource();
        var stream = GuardedUnder(_circuit, Endless, fallback: null, byTheCallsToken ? stop.Token : CancellationToken.None);
        await using var reading = stream.GetAsyncEnumerator(byTheCallsToken ? CancellationToken.None : stop.Token);
        Assert.True(await reading.MoveNextAsync());

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reading.MoveNextAsync());
        Assert.Equal(0, _circuit.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task CancelledToken_TakesPrecedenceOverRejection()
    {
        _circuit.CircuitBreaker.Open();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ReadAsync(GuardedUnder(_circuit, Count(1), fallback: Count(2), new CancellationToken(canceled: true))));
    }

    [Fact]
    public async Task Rejection_Fallback_StreamIsNotRecorded()
    {
        _circuit.CircuitBreaker.Open();

        Assert.Equal([1, 2], await ReadAsync(Guarded(Count(1), fallback: Count(2))));
        await Assert.ThrowsAsync<InvalidOperationException>(() => ReadAsync(Guarded(Count(1), fallback: static _ => throw Error)));

        Assert.Equal(0, _circuit.CircuitBreaker.FailureCount);
    }

    [Fact]
    public async Task Probe_IsInFlightUntilTheStreamEnds()
    {
        var circuit = TestCircuit.Due();
        var stream = GuardedBy(circuit, Count(1));
        await using var reading = stream.GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await reading.MoveNextAsync());
        Assert.Equal(CircuitState.HalfOpen, circuit.CircuitBreaker.State);
        circuit.Reject();

        Assert.False(await reading.MoveNextAsync());
        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
    }

    [Fact]
    public async Task ThrowOnTrip_ReaderGetsTheTrip()
    {
        var circuit = TestCircuit.Create(TestCircuit.Settings with { FailMax = 1, ThrowOnTrip = true });

        var tripped = await Assert.ThrowsAsync<CircuitOpenException>(() => ReadAsync(GuardedBy(circuit, Count(1, thenThrow: Error))));

        Assert.Same(Error, tripped.InnerException);
    }

    private IAsyncEnumerable<int> Guarded(Func<CancellationToken, IAsyncEnumerable<int>> inner, Func<CancellationToken, IAsyncEnumerable<int>>? fallback = null)
        => GuardedUnder(_circuit, inner, fallback, CancellationToken.None);

    private static IAsyncEnumerable<int> GuardedBy(TestCircuit circuit, Func<CancellationToken, IAsyncEnumerable<int>> inner)
        => GuardedUnder(circuit, inner, fallback: null, CancellationToken.None);

    /// <summary>As in generated code; the service is the delegate that creates the stream.</summary>
    private static IAsyncEnumerable<int> GuardedUnder(
        TestCircuit circuit,
        Func<CancellationToken, IAsyncEnumerable<int>> inner,
        Func<CancellationToken, IAsyncEnumerable<int>>? fallback,
        CancellationToken cancellationToken)
        => new CallGuard(circuit.CircuitBreaker).Enumerate(inner, fallback, 0, static (client, _, token) => client(token), method: null, cancellationToken);

    private static async Task<List<int>> ReadAsync(IAsyncEnumerable<int> stream)
    {
        var items = new List<int>();
        await foreach (var item in stream)
        {
            items.Add(item);
        }

        return items;
    }

    private static Func<CancellationToken, IAsyncEnumerable<int>> Count(int to, Exception? thenThrow = null)
    {
        return _ => Items();

        async IAsyncEnumerable<int> Items()
        {
            for (var item = 1; item <= to; item++)
            {
                await Task.Yield();
                yield return item;
            }

            if (thenThrow is not null)
            {
                throw thenThrow;
            }
        }
    }

    private static IAsyncEnumerable<int> Empty() => Count(0)(CancellationToken.None);

    private static async IAsyncEnumerable<int> Endless([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
            yield return 1;
        }
    }

    private static async IAsyncEnumerable<int> ThrowsWhenLeft()
    {
        try
        {
            await Task.Yield();
            yield return 1;
        }
        finally
        {
            Throw();
        }
    }

    private static async IAsyncEnumerable<int> Left(Action left)
    {
        try
        {
            await Task.Yield();
            yield return 1;
        }
        finally
        {
            left();
        }
    }

    private static void Throw() => throw Error;

    private sealed class BrokenStream : IAsyncEnumerable<int>, IAsyncEnumerator<int>
    {
        public int Current => 0;

        public IAsyncEnumerator<int> GetAsyncEnumerator(CancellationToken cancellationToken) => this;

        public async ValueTask<bool> MoveNextAsync()
        {
            await Task.Yield();
            throw Error;
        }

        public ValueTask DisposeAsync() => throw new NotSupportedException("at its disposal");
    }
}
