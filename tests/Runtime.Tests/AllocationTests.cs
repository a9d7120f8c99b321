using ThriftBreaker.Calls;
using ThriftBreaker.Runtime.Tests.Calls;

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
    public void AHealthySynchronousCall() => Allocations.None(() =>
    {
        var ticket = GuardedCall.Enter(_healthy, method: null, CancellationToken.None);
        GuardedCall.Returned(ref ticket, Contract);
    });

    [Fact]
    public void AHealthyCallWhoseTaskHasCompleted() => Allocations.None(() =>
    {
        GuardedCall.TryEnter(_healthy, method: null, CancellationToken.None, out var ticket);
        _ = GuardedCall.Observe(_healthy, ref ticket, Done, Contract, CancellationToken.None);
    });

    [Fact]
    public void AHealthyCallWhoseTaskHasAResult() => Allocations.None(() =>
    {
        GuardedCall.TryEnter(_healthy, method: null, CancellationToken.None, out var ticket);
        _ = GuardedCall.Observe(_healthy, ref ticket, Answered, Contract, CancellationToken.None);
    });

    [Fact]
    public void AHealthyCallWhoseValueTaskHasCompleted() => Allocations.None(() =>
    {
        GuardedCall.TryEnter(_healthy, method: null, CancellationToken.None, out var ticket);
        Take(GuardedCall.Observe(_healthy, ref ticket, default(ValueTask), Contract, CancellationToken.None));
    });

    [Fact]
    public void AHealthyCallWhoseValueTaskHasAResult() => Allocations.None(() =>
    {
        GuardedCall.TryEnter(_healthy, method: null, CancellationToken.None, out var ticket);
        Take(GuardedCall.Observe(_healthy, ref ticket, new ValueTask<int>(42), Contract, CancellationToken.None));
    });

    [Fact]
    public void AHealthyExecute() => Allocations.None(() =>
    {
        _healthy.Execute(static () => { });
        _ = _healthy.Execute(static () => 42);
        _ = _healthy.ExecuteAsync(static _ => Done);
        _ = _healthy.ExecuteAsync(static _ => Answered);
    });

    [Fact]
    public void AHealthyExecuteOfValueTasks() => Allocations.None(() =>
    {
        Take(_healthy.ExecuteValueTaskAsync(static _ => default));
        Take(_healthy.ExecuteValueTaskAsync(static _ => new ValueTask<int>(42)));
    });

    [Fact]
    public void AHealthyExecuteWithAState() => Allocations.None(() =>
    {
        _healthy.Execute(Done, static done => { _ = done; });
        _ = _healthy.Execute(Answered, static answered => answered.IsCompleted);
        _ = _healthy.ExecuteAsync(Done, static (done, _) => done);
        _ = _healthy.ExecuteAsync(Answered, static (answered, _) => answered);
        Take(_healthy.ExecuteValueTaskAsync(Done, static (_, _) => default));
        Take(_healthy.ExecuteValueTaskAsync(Answered, static (answered, _) => new ValueTask<int>(answered)));
    });

    [Fact]
    public void WatchingAValueTaskThatEndsLater()
    {
        var source = new PooledSource(endsOnThisThread: true);

        Allocations.None(() =>
        {
            var ticket = GuardedCall.Enter(_healthy, method: null, CancellationToken.None);
            var call = GuardedCall.Observe(_healthy, ref ticket, source.Task, method: null, CancellationToken.None);
            source.Succeed(42);
            _ = call.GetAwaiter().GetResult();
        });
    }

    private static void Take(ValueTask call) => Assert.True(call.IsCompletedSuccessfully);

    private static void Take(ValueTask<int> call) => Assert.True(call.IsCompletedSuccessfully);
}
