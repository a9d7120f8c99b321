using ThriftBreaker.GeneratedCode;
using ThriftBreaker.Runtime.Tests.Execution;

namespace ThriftBreaker.Runtime.Tests;

/// <summary>
/// Without a change of state a circuit breaker allocates nothing. <see cref="HealthyCallAllocationTests"/> covers whole
/// calls.
/// </summary>
public sealed class AllocationTests
{
    private static readonly InvalidOperationException Error = new("The service is down.");

    private readonly CircuitBreaker _healthy = new(new() { TimeProvider = new ManualClock() });

    [Fact]
    public void HealthyCall_AllocatesNothing() => Allocations.None(() =>
    {
        _healthy.TryEnter(out var ticket);
        ticket.Complete(CallOutcome.Success);
    });

    [Fact]
    public void FailureAndSuccessThatResetsIt_AllocateNothing() => Allocations.None(() =>
    {
        _healthy.TryEnter(out var failing);
        failing.Complete(CallOutcome.Failure, Error);
        _healthy.TryEnter(out var succeeding);
        succeeding.Complete(CallOutcome.Success);
    });

    [Fact]
    public void IgnoredCall_AllocatesNothing() => Allocations.None(() =>
    {
        _healthy.TryEnter(out var ticket);
        ticket.Complete(CallOutcome.Cancelled);
    });

    [Fact]
    public void Rejection_Open_AllocatesNothing()
    {
        var open = new CircuitBreaker(new() { TimeProvider = new ManualClock() });
        open.Open();

        Allocations.None(() => open.TryEnter(out _));
    }

    [Fact]
    public void Rejection_HalfOpen_AllocatesNothing()
    {
        var halfOpen = new CircuitBreaker(new() { TimeProvider = new ManualClock() });
        halfOpen.HalfOpen();
        Assert.True(halfOpen.TryEnter(out _));

        Allocations.None(() => halfOpen.TryEnter(out _));
    }

    [Fact]
    public void ObservedValueTask_CompletesLater_AllocatesNothing()
    {
        var source = new PooledSource(endsOnThisThread: true);

        Allocations.None(() =>
        {
            var ticket = new CallGuard(_healthy).Enter(method: null, CancellationToken.None);
            var call = new CallGuard(_healthy).Observe(ref ticket, source.Task, method: null, CancellationToken.None);
            source.Succeed(42);
            _ = call.GetAwaiter().GetResult();
        });
    }
}
