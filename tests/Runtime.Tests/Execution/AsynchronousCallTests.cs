using System.Runtime.ExceptionServices;
using ThriftBreaker.GeneratedCode;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Runtime.Tests.Execution;

/// <summary>
/// Calls that complete later are observed to their end, and their outcome is recorded before the caller continues.
/// </summary>
public sealed class AsynchronousCallTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly InvalidOperationException Error = new("the service's own");

    private readonly TaskCompletionSource<int> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static TheoryData<Entrance> Asynchronous => Entrances.Asynchronous;

    [Theory]
    [MemberData(nameof(Asynchronous))]
    public async Task Success_CountsWhenTheTaskCompletes(Entrance entrance)
    {
        var circuit = TestCircuit.Due();
        var call = Start(circuit, entrance);

        Assert.False(call.IsCompleted);
        circuit.Reject();
        _reply.SetResult(GuardedService.Answer);

        Assert.Equal(GuardedService.Answer, await EndOf(call));
        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);
    }

    [Theory]
    [MemberData(nameof(Asynchronous))]
    public async Task Error_CountsWhenTheTaskCompletes_ReachesTheCaller(Entrance entrance)
    {
        var circuit = TestCircuit.Closed();
        var call = Start(circuit, entrance);

        Assert.Equal(0, circuit.CircuitBreaker.FailureCount);
        _reply.SetException(Error);

        Assert.Same(Error, await Assert.ThrowsAsync<InvalidOperationException>(() => EndOf(call)));
        Assert.Equal(1, circuit.CircuitBreaker.FailureCount);
    }

    /// <summary>A disabled circuit breaker, and one in the mode ReportOnly that would have rejected the call.</summary>
    [Theory]
    [InlineData(CircuitMode.Disabled, false)]
    [InlineData(CircuitMode.Disabled, true)]
    [InlineData(CircuitMode.ReportOnly, false)]
    [InlineData(CircuitMode.ReportOnly, true)]
    public void UncountedCall_ReturnsTheSameTask(CircuitMode mode, bool fails)
    {
        var asked = false;
        var breaker = new CircuitBreaker(new()
        {
            Mode = mode,
            OutcomeClassifier = _ =>
            {
                asked = true;
                return CallOutcome.Failure;
            },
        });
        breaker.Open();
        var token = TestContext.Current.CancellationToken;

        var calls = new Task[] { breaker.ExecuteAsync(_ => _reply.Task, token), breaker.ExecuteAsync(_ => (Task)_reply.Task, token) };
        var valueTask = breaker.ExecuteValueTaskAsync(_ => new ValueTask<int>(_reply.Task), token);
        var bareValueTask = breaker.ExecuteValueTaskAsync(_ => new ValueTask(_reply.Task), token);
        _ = fails ? _reply.TrySetException(Error) : _reply.TrySetResult(GuardedService.Answer);

        Assert.All([.. calls, valueTask.AsTask(), bareValueTask.AsTask()], call => Assert.Same(_reply.Task, call));
        Assert.False(asked);
        Assert.Equal(0, breaker.StaleOutcomeCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void LateFailure_IsPassedOnWithoutThrowing(bool withResult)
    {
        var reply = new TaskCompletionSource<int>(); // Ends its call on this thread.
        var failure = new InvalidOperationException("the service's own");
        var token = TestContext.Current.CancellationToken;
        var breaker = TestCircuit.Closed().CircuitBreaker;
        var call = withResult ? breaker.ExecuteAsync(_ => reply.Task, token) : breaker.ExecuteAsync(_ => (Task)reply.Task, token);
        var thrown = 0;
        void Count(object? sender, FirstChanceExceptionEventArgs first) => thrown += ReferenceEquals(first.Exception, failure) ? 1 : 0;

        AppDomain.CurrentDomain.FirstChanceException += Count;
        try
        {
            reply.SetException(failure);
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Count;
        }

        Assert.True(call.IsFaulted);
        Assert.Equal(0, thrown);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CompletesDuringObservation_IsASuccess(bool withResult)
    {
        var breaker = new CircuitBreaker();
        List<CallCompletedEventArgs> finished = [];
        breaker.CallCompleted += (_, call) => finished.Add(call);
        Assert.True(breaker.TryEnter(out var ticket));

        // The first check found it in flight; it has ended before the next.
        var answer = Task.FromResult(GuardedService.Answer);
        var watched = withResult
            ? new CallGuard(breaker).ObserveOther(ref ticket, answer, method: null, TestContext.Current.CancellationToken)
            : new CallGuard(breaker).ObserveOther(ref ticket, (Task)answer, method: null, TestContext.Current.CancellationToken);

        Assert.True(watched.IsCompletedSuccessfully);
        Assert.Equal(CallOutcome.Success, Assert.Single(finished).Outcome);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MethodWithoutResult_ClassifierGetsNull(bool later)
    {
        object? classified = this;
        var breaker = new CircuitBreaker(new()
        {
            OutcomeClassifier = end =>
            {
                classified = end.Result;
                return null;
            },
        });
        var reply = new TaskCompletionSource<object>();
        if (!later)
        {
            reply.SetResult("not used");
        }

        var call = breaker.ExecuteAsync(_ => (Task)reply.Task, TestContext.Current.CancellationToken);
        reply.TrySetResult("not used");

        Assert.True(call.IsCompletedSuccessfully);
        Assert.Null(classified);
    }

    [Theory]
    [MemberData(nameof(Asynchronous))]
    public async Task ThrowOnTrip_LateError_IsATrip(Entrance entrance)
    {
        var breaker = new CircuitBreaker(new() { FailMax = 1, ThrowOnTrip = true });
        var call = new GuardedService(breaker, () => _reply.Task).Start(entrance, TestContext.Current.CancellationToken);

        _reply.SetException(Error);

        Assert.Same(Error, (await Assert.ThrowsAsync<CircuitOpenException>(() => EndOf(call))).InnerException);
    }

    [Theory]
    [MemberData(nameof(Asynchronous))]
    public async Task CancelledCall_IsIgnored_TaskIsCancelled(Entrance entrance)
    {
        var circuit = TestCircuit.Due();
        using var caller = new CancellationTokenSource();
        var call = new GuardedService(circuit.CircuitBreaker, () => _reply.Task).Start(entrance, caller.Token);

        await caller.CancelAsync();
        _reply.SetCanceled(caller.Token);

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => EndOf(call));
        Assert.Equal(caller.Token, cancelled.CancellationToken);
        Assert.True(call.IsCanceled);
        Assert.Equal(CircuitState.HalfOpen, circuit.CircuitBreaker.State);
        Assert.True(circuit.Enter().IsProbe);
    }

    [Theory]
    [MemberData(nameof(Asynchronous))]
    public void Exceptions_AreInTheTask(Entrance entrance)
    {
        var rejected = new GuardedService(TestCircuit.Open().CircuitBreaker, static () => throw Error).Start(entrance, TestContext.Current.CancellationToken);
        var failed = new GuardedService(TestCircuit.Closed().CircuitBreaker, static () => throw Error).Start(entrance, TestContext.Current.CancellationToken);
        var cancelled = new GuardedService(TestCircuit.Closed().CircuitBreaker, static () => throw Error).Start(entrance, new CancellationToken(canceled: true));

        Assert.IsType<CircuitOpenException>(rejected.Exception!.InnerException);
        Assert.Same(Error, failed.Exception!.InnerException);
        Assert.True(cancelled.IsCanceled);
    }

    [Theory]
    [MemberData(nameof(Asynchronous))]
    public async Task Outcome_IsRecordedBeforeTheCallerContinues(Entrance entrance)
    {
        for (var round = 0; round < TestRun.Times(quick: 500, @long: 2_000); round++)
        {
            var breaker = new CircuitBreaker(new() { FailMax = 1 });
            var reply = new TaskCompletionSource<int>();
            var call = new GuardedService(breaker, () => reply.Task).Start(entrance, TestContext.Current.CancellationToken);
            var seen = call.ContinueWith(
                (_, state) => ((CircuitBreaker)state!).State,
                breaker,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);

            ThreadPool.UnsafeQueueUserWorkItem(static source => source.SetException(Error), reply, preferLocal: false);

            Assert.Equal(CircuitState.Open, await seen.WaitAsync(Deadline, TestContext.Current.CancellationToken));
            Assert.Same(Error, call.Exception!.InnerException);
        }
    }

    [Theory]
    [InlineData(Entrance.Task)]
    [InlineData(Entrance.TaskOfResult)]
    [InlineData(Entrance.ExecuteAsync)]
    [InlineData(Entrance.ExecuteAsyncOfResult)]
    public async Task NullTask_IsAFailure(Entrance entrance)
    {
        var circuit = TestCircuit.Closed();

        await Assert.ThrowsAsync<NullReferenceException>(
            () => new GuardedService(circuit.CircuitBreaker, static () => null!).Start(entrance, TestContext.Current.CancellationToken));

        Assert.Equal(1, circuit.CircuitBreaker.FailureCount);
    }

    private Task<int> Start(TestCircuit circuit, Entrance entrance)
        => new GuardedService(circuit.CircuitBreaker, () => _reply.Task).Start(entrance, TestContext.Current.CancellationToken);

    private static Task<int> EndOf(Task<int> call) => call.WaitAsync(Deadline, TestContext.Current.CancellationToken);
}
