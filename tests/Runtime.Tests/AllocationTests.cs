using ThriftBreaker.Calls;

namespace ThriftBreaker.Runtime.Tests;

/// <summary>What costs nothing: everything that a circuit does while nothing changes its state.</summary>
public sealed class AllocationTests
{
    private static readonly Task Done = Task.CompletedTask;
    private static readonly Task<int> Answered = Task.FromResult(42);
    private static readonly MethodContract Contract = new("ping");
    private static readonly InvalidOperationException Error = new("The service is down.");

    private readonly CircuitBreaker _healthy = new(new() { TimeProvider = new ManualClock() });

    [Fact]
    public void AnAdmissionAndASuccess() => AssertFree(() =>
    {
        _healthy.TryEnter(out var ticket);
        ticket.Complete(CallOutcome.Success);
    });

    [Fact]
    public void AFailureBelowFailMaxAndTheSuccessThatClearsIt() => AssertFree(() =>
    {
        _healthy.TryEnter(out var failing);
        failing.Complete(CallOutcome.Failure, Error);
        _healthy.TryEnter(out var succeeding);
        succeeding.Complete(CallOutcome.Success);
    });

    [Fact]
    public void ACallThatSaysNothing() => AssertFree(() =>
    {
        _healthy.TryEnter(out var ticket);
        ticket.Complete(CallOutcome.Cancelled);
    });

    [Fact]
    public void ARejectionByAnOpenCircuit()
    {
        var open = new CircuitBreaker(new() { TimeProvider = new ManualClock() });
        open.Open();

        AssertFree(() => open.TryEnter(out _));
    }

    [Fact]
    public void ARejectionWhileAnotherCallProbes()
    {
        var halfOpen = new CircuitBreaker(new() { TimeProvider = new ManualClock() });
        halfOpen.HalfOpen();
        Assert.True(halfOpen.TryEnter(out _));

        AssertFree(() => halfOpen.TryEnter(out _));
    }

    [Fact]
    public void AHealthySynchronousCall() => AssertFree(() =>
    {
        var ticket = GuardedCall.Enter(_healthy, CancellationToken.None);
        GuardedCall.Returned(ref ticket, Contract);
    });

    [Fact]
    public void AHealthyCallWhoseTaskHasCompleted() => AssertFree(() =>
    {
        GuardedCall.TryEnter(_healthy, CancellationToken.None, out var ticket);
        _ = GuardedCall.Observe(_healthy, ref ticket, Done, Contract, CancellationToken.None);
    });

    [Fact]
    public void AHealthyCallWhoseTaskHasAResult() => AssertFree(() =>
    {
        GuardedCall.TryEnter(_healthy, CancellationToken.None, out var ticket);
        _ = GuardedCall.Observe(_healthy, ref ticket, Answered, Contract, CancellationToken.None);
    });

    [Fact]
    public void AHealthyCallWhoseValueTaskHasCompleted() => AssertFree(() =>
    {
        GuardedCall.TryEnter(_healthy, CancellationToken.None, out var ticket);
        Take(GuardedCall.Observe(_healthy, ref ticket, default(ValueTask), Contract, CancellationToken.None));
    });

    [Fact]
    public void AHealthyCallWhoseValueTaskHasAResult() => AssertFree(() =>
    {
        GuardedCall.TryEnter(_healthy, CancellationToken.None, out var ticket);
        Take(GuardedCall.Observe(_healthy, ref ticket, new ValueTask<int>(42), Contract, CancellationToken.None));
    });

    [Fact]
    public void AHealthyExecute() => AssertFree(() =>
    {
        _healthy.Execute(static () => { });
        _ = _healthy.Execute(static () => 42);
        _ = _healthy.ExecuteAsync(static _ => Done);
        _ = _healthy.ExecuteAsync(static _ => Answered);
    });

    private static void Take(ValueTask call) => Assert.True(call.IsCompletedSuccessfully);

    private static void Take(ValueTask<int> call) => Assert.True(call.IsCompletedSuccessfully);

    /// <summary>
    /// Asserts that a step allocates nothing. What it allocates, it allocates in every attempt; what the runtime allocates
    /// on this thread while it makes the code faster, it does not.
    /// </summary>
    private static void AssertFree(Action step)
    {
        const int Attempts = 10;
        const int Steps = 1_000;
        var least = long.MaxValue;
        for (var attempt = 0; attempt < Attempts && least > 0; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var count = 0; count < Steps; count++)
            {
                step();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }
}
