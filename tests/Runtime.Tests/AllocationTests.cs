using ThriftBreaker.GeneratedCode;
using ThriftBreaker.Runtime.Tests.Calls;

namespace ThriftBreaker.Runtime.Tests;

/// <summary>What costs nothing: everything that a circuit does while nothing changes its state. <see cref="HealthyCallAllocationTests"/> has whole calls.</summary>
public sealed class AllocationTests
{
    private static readonly InvalidOperationException Error = new("The service is down.");

    private readonly CircuitBreaker _healthy = new(new() { TimeProvider = new ManualClock() });

    [Fact]
    public void AnAdmissionAndASuccess() => Allocations.None(() =>
    {
        _healthy.TryEnter(out var ticket);
        ticket.Complete(CallOutcome.Success);
    });

    [Fact]
    public void AFailureBelowFailMaxAndTheSuccessThatClearsIt() => Allocations.None(() =>
    {
        _healthy.TryEnter(out var failing);
        failing.Complete(CallOutcome.Failure, Error);
        _healthy.TryEnter(out var succeeding);
        succeeding.Complete(CallOutcome.Success);
    });

    [Fact]
    public void ACallThatSaysNothing() => Allocations.None(() =>
    {
        _healthy.TryEnter(out var ticket);
        ticket.Complete(CallOutcome.Cancelled);
    });

    [Fact]
    public void ARejectionByAnOpenCircuit()
    {
        var open = new CircuitBreaker(new() { TimeProvider = new ManualClock() });
        open.Open();

        Allocations.None(() => open.TryEnter(out _));
    }

    [Fact]
    public void ARejectionWhileAnotherCallProbes()
    {
        var halfOpen = new CircuitBreaker(new() { TimeProvider = new ManualClock() });
        halfOpen.HalfOpen();
        Assert.True(halfOpen.TryEnter(out _));

        Allocations.None(() => halfOpen.TryEnter(out _));
    }

    [Fact]
    public void WatchingAValueTaskThatEndsLater()
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
