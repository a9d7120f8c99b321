using Circuit.Calculators;
using ThriftBreaker.GeneratedCode;

namespace ThriftBreaker.Runtime.Tests.Execution;

/// <summary>Rules for calls through a circuit breaker, for every entrance.</summary>
public sealed class EveryEntranceTests
{
    private static readonly InvalidOperationException Error = new("the service's own");
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly CancellationToken Cancelled = new(canceled: true);

    public static TheoryData<Entrance> All => Entrances.All;

    public static TheoryData<Entrance> Cancellable => Entrances.Cancellable;

    public static TheoryData<Entrance> Asynchronous => Entrances.Asynchronous;

    public static TheoryData<Entrance> Generated => Entrances.Generated;

    /// <summary>The moment at which the call of the service ends.</summary>
    public enum Ending
    {
        /// <summary>Before the task exists: an error is thrown.</summary>
        AtOnce,

        /// <summary>In the task, when it is returned.</summary>
        InTheTask,

        /// <summary>In the task, after it was returned.</summary>
        Later,
    }

    public static TheoryData<Entrance, Ending> AllEndings => new MatrixTheoryData<Entrance, Ending>(Enum.GetValues<Entrance>(), Enum.GetValues<Ending>());

    public static TheoryData<Entrance, bool> AllThrowingAtOnceOrNot => new MatrixTheoryData<Entrance, bool>(Enum.GetValues<Entrance>(), [true, false]);

    [Theory]
    [MemberData(nameof(All))]
    public async Task Success_ReachesTheCaller_ResetsFailures(Entrance entrance)
    {
        var circuit = TestCircuit.Closed();
        circuit.Fail(times: 2);
        var service = new GuardedService(circuit.CircuitBreaker, static () => Task.FromResult(GuardedService.Answer));

        Assert.Equal(GuardedService.Answer, await service.CallAsync(entrance));

        Assert.Equal(0, circuit.CircuitBreaker.FailureCount);
    }

    [Theory]
    [MemberData(nameof(AllThrowingAtOnceOrNot))]
    public async Task Error_Counts_ReachesTheCaller(Entrance entrance, bool atOnce)
    {
        var circuit = TestCircuit.Closed();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Broken(circuit, atOnce).CallAsync(entrance));

        Assert.Same(Error, error);
        Assert.Same(Error, circuit.CircuitBreaker.LastException);
        Assert.Equal(1, circuit.CircuitBreaker.FailureCount);
        Assert.Contains(atOnce ? nameof(Break) : nameof(BreakAsync), error.StackTrace!, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(AllThrowingAtOnceOrNot))]
    public async Task Trip_CallerGetsTheError(Entrance entrance, bool atOnce)
    {
        var circuit = TestCircuit.Closed(failMax: 1);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Broken(circuit, atOnce).CallAsync(entrance));

        Assert.Same(Error, error);
        Assert.Equal(CircuitState.Open, circuit.CircuitBreaker.State);
    }

    [Theory]
    [MemberData(nameof(AllEndings))]
    public async Task ClockThrows_AtFailure_IsReported_CallerGetsTheError(Entrance entrance, Ending ending)
    {
        var clock = new ManualClock();
        var breaker = new CircuitBreaker(new() { FailMax = 1, TimeProvider = clock });
        var reported = Reported(breaker);
        clock.BreaksAtRead = clock.Reads + 1; // When the circuit opens.

        var service = new GuardedService(breaker, () => EndAsync(ending, Error));
        Assert.Same(Error, await Assert.ThrowsAsync<InvalidOperationException>(() => service.CallAsync(entrance).WaitAsync(Deadline, TestContext.Current.CancellationToken)));

        Assert.Equal("The clock is broken.", Assert.Single(reported).Message);
    }

    [Theory]
    [MemberData(nameof(AllEndings))]
    public async Task ClockThrows_AtTrip_IsReported_CallerGetsTheError(Entrance entrance, Ending ending)
    {
        var clock = new ManualClock();
        var breaker = new CircuitBreaker(new() { FailMax = 1, ThrowOnTrip = true, TimeProvider = clock });
        var reported = Reported(breaker);
        clock.BreaksAtRead = clock.Reads + 2; // After the circuit has opened.

        var service = new GuardedService(breaker, () => EndAsync(ending, Error));
        Assert.Same(Error, await Assert.ThrowsAsync<InvalidOperationException>(() => service.CallAsync(entrance).WaitAsync(Deadline, TestContext.Current.CancellationToken)));

        Assert.Equal(CircuitState.Open, breaker.State);
        Assert.Equal("The clock is broken.", Assert.Single(reported).Message);
    }

    [Theory]
    [MemberData(nameof(Asynchronous))]
    public async Task ClockThrows_AtRejection_IsInTheTask(Entrance entrance)
    {
        var clock = new ManualClock();
        var breaker = new CircuitBreaker(new() { TimeProvider = clock });
        breaker.Open();
        clock.BreaksAtRead = clock.Reads + 2; // After the circuit breaker has rejected the call.

        var call = new GuardedService(breaker, NeverCalled).Start(entrance, TestContext.Current.CancellationToken);

        Assert.Equal("The clock is broken.", (await Assert.ThrowsAsync<InvalidOperationException>(() => call)).Message);
    }

    [Theory]
    [MemberData(nameof(AllEndings))]
    public async Task TripOfInnerCircuitBreaker_IsAFailure(Entrance entrance, Ending ending)
    {
        var inner = new CircuitBreaker(new() { FailMax = 1, ThrowOnTrip = true });
        var outer = TestCircuit.Closed();
        var service = new GuardedService(inner, () => EndAsync(ending, Error));
        var guarded = new GuardedService(outer.CircuitBreaker, () => service.CallAsync(entrance));

        await Assert.ThrowsAsync<CircuitOpenException>(() => guarded.CallAsync(entrance));
        Assert.Equal(1, outer.CircuitBreaker.FailureCount);

        await Assert.ThrowsAsync<CircuitOpenException>(() => guarded.CallAsync(entrance));
        Assert.Equal(1, outer.CircuitBreaker.FailureCount);
    }

    [Theory]
    [MemberData(nameof(AllEndings))]
    public async Task ExceptionLists_ApplyToTheErrorInsideTrips(Entrance entrance, Ending ending)
    {
        var last = new GuardedService(new CircuitBreaker(new() { FailMax = 1, ThrowOnTrip = true }), () => EndAsync(ending, Error));
        var middle = new GuardedService(new CircuitBreaker(new() { FailMax = 1, ThrowOnTrip = true }), () => last.CallAsync(entrance));
        var outer = new CircuitBreaker(new() { Ignore = [Error.GetType()], FailMax = 9 });
        var guarded = new GuardedService(outer, () => middle.CallAsync(entrance));

        await Assert.ThrowsAsync<CircuitOpenException>(() => guarded.CallAsync(entrance));

        Assert.Equal(0, outer.FailureCount);
    }

    [Theory]
    [MemberData(nameof(AllEndings))]
    public async Task CallCompletedAddedLater_InFlightCallIsRaised(Entrance entrance, Ending ending)
    {
        var heard = new List<CallOutcome>();
        var breaker = new CircuitBreaker();
        var service = new GuardedService(breaker, () =>
        {
            breaker.CallCompleted += (_, call) => heard.Add(call.Outcome);
            return EndAsync(ending, error: null);
        });

        await service.CallAsync(entrance);

        Assert.Equal([CallOutcome.Success], heard);
    }

    [Theory]
    [MemberData(nameof(Asynchronous))]
    public async Task CancellationThrownBeforeTheTask_CancelsTheTask(Entrance entrance)
    {
        var cancelled = new OperationCanceledException("synchronous");
        var call = new GuardedService(new CircuitBreaker(), () => throw cancelled).Start(entrance, TestContext.Current.CancellationToken);

        Assert.Same(cancelled, await Assert.ThrowsAsync<OperationCanceledException>(() => call));
        Assert.Equal(TaskStatus.Canceled, call.Status);
    }

    [Theory]
    [MemberData(nameof(AllEndings))]
    public async Task ClockThrows_AtSuccess_IsReported_CallerGetsTheResult(Entrance entrance, Ending ending)
    {
        var clock = new ManualClock();
        var breaker = new CircuitBreaker(new() { SlowCallDuration = TimeSpan.FromSeconds(1), SlowCallRatio = 1, SamplingCalls = 2, TimeProvider = clock });
        var reported = Reported(breaker);
        clock.BreaksAtRead = clock.Reads + 2; // After the read at the start.

        var service = new GuardedService(breaker, () => EndAsync(ending, error: null));
        Assert.Equal(GuardedService.Answer, await service.CallAsync(entrance));

        Assert.Equal("The clock is broken.", Assert.Single(reported).Message);
    }

    [Theory]
    [MemberData(nameof(AllEndings))]
    public async Task Classifier_GetsTheCancellationException(Entrance entrance, Ending ending)
    {
        var cancelled = new TaskCanceledException("The HTTP client's own time was over.", new TimeoutException());
        Exception? seen = null;
        var breaker = new CircuitBreaker(new()
        {
            OutcomeClassifier = call =>
            {
                seen = call.Exception;
                return CallOutcome.Failure;
            },
        });

        var service = new GuardedService(breaker, () => EndAsync(ending, cancelled));
        Assert.Same(cancelled, await Assert.ThrowsAsync<TaskCanceledException>(() => service.CallAsync(entrance)));

        Assert.Same(cancelled, seen);
    }

    [Theory]
    [MemberData(nameof(AllEndings))]
    public async Task Disabled_NoCallbackIsCalled(Entrance entrance, Ending ending)
    {
        var asked = 0;
        var breaker = new CircuitBreaker(new() { FailMax = 1, ThrowOnTrip = true, Mode = CircuitMode.Disabled, ExcludeWhen = _ => asked++ > 0 });

        var service = new GuardedService(breaker, () => EndAsync(ending, Error));
        Assert.Same(Error, await Assert.ThrowsAsync<InvalidOperationException>(() => service.CallAsync(entrance)));

        Assert.Equal((0, CircuitState.Closed), (asked, breaker.State));
    }

    [Theory]
    [MemberData(nameof(AllThrowingAtOnceOrNot))]
    public async Task ThrowOnTrip_CallerGetsTheTrip(Entrance entrance, bool atOnce)
    {
        var breaker = new CircuitBreaker(new() { FailMax = 2, ThrowOnTrip = true });
        var service = Broken(breaker, atOnce);

        await Assert.ThrowsAsync<InvalidOperationException>(() => service.CallAsync(entrance));
        var tripped = await Assert.ThrowsAsync<CircuitOpenException>(() => service.CallAsync(entrance));

        Assert.Same(Error, tripped.InnerException);
        Assert.StartsWith("This call opened the circuit", tripped.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task RejectedCall_IsNotMade(Entrance entrance)
    {
        var circuit = TestCircuit.Open();
        var service = new GuardedService(circuit.CircuitBreaker, NeverCalled);

        await Assert.ThrowsAsync<CircuitOpenException>(() => service.CallAsync(entrance));
    }

    [Theory]
    [MemberData(nameof(Cancellable))]
    public async Task CancelledToken_TakesPrecedenceOverRejection(Entrance entrance)
    {
        foreach (var circuit in new[] { TestCircuit.Closed(), TestCircuit.Open(), TestCircuit.Due() })
        {
            var before = (circuit.CircuitBreaker.State, circuit.CircuitBreaker.FailureCount);
            var service = new GuardedService(circuit.CircuitBreaker, NeverCalled);

            var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => service.CallUnderAsync(entrance, Cancelled));

            Assert.Equal(Cancelled, cancelled.CancellationToken);
            Assert.Equal(before, (circuit.CircuitBreaker.State, circuit.CircuitBreaker.FailureCount));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task OtherCancellation_IsAFailure(Entrance entrance)
    {
        var circuit = TestCircuit.Closed();
        var service = new GuardedService(circuit.CircuitBreaker, static () => Task.FromCanceled<int>(Cancelled));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => service.CallAsync(entrance));

        Assert.Equal(1, circuit.CircuitBreaker.FailureCount);
        Assert.IsType<OperationCanceledException>(circuit.CircuitBreaker.LastException, exactMatch: false);
    }

    [Theory]
    [MemberData(nameof(Cancellable))]
    public async Task CallersCancellation_IsIgnored(Entrance entrance)
    {
        var circuit = TestCircuit.Closed();
        circuit.Fail();
        using var caller = new CancellationTokenSource();
        Action giveUp = caller.Cancel;
        var service = new GuardedService(circuit.CircuitBreaker, () =>
        {
            giveUp();
            return Task.FromCanceled<int>(caller.Token);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => service.CallUnderAsync(entrance, caller.Token));

        Assert.Equal(1, circuit.CircuitBreaker.FailureCount);
    }

    [Theory]
    [MemberData(nameof(Generated))]
    public async Task DeclaredException_IsASuccess(Entrance entrance)
    {
        var circuit = TestCircuit.Closed();
        circuit.Fail(times: 2);
        var contract = new ThriftMethod("calculate") { Throws = [typeof(DivisionByZero)] };
        var service = new GuardedService(circuit.CircuitBreaker, static () => throw new DivisionByZero(), contract);

        await Assert.ThrowsAsync<DivisionByZero>(() => service.CallAsync(entrance));

        Assert.Equal(0, circuit.CircuitBreaker.FailureCount);
    }

    [Theory]
    [MemberData(nameof(Generated))]
    public async Task Oneway_SuccessIsIgnored_FailureOpens(Entrance entrance)
    {
        var circuit = TestCircuit.Due();
        var oneway = new ThriftMethod("fire") { Oneway = true };

        await new GuardedService(circuit.CircuitBreaker, static () => Task.FromResult(0), oneway).CallAsync(entrance);
        Assert.Equal(CircuitState.HalfOpen, circuit.CircuitBreaker.State);

        await Assert.ThrowsAsync<InvalidOperationException>(() => new GuardedService(circuit.CircuitBreaker, Break, oneway).CallAsync(entrance));
        Assert.Equal(CircuitState.Open, circuit.CircuitBreaker.State);
    }

    [Theory]
    [MemberData(nameof(Generated))]
    public async Task OnewayOnly_SuccessCloses(Entrance entrance)
    {
        var circuit = TestCircuit.Due();
        var oneway = new ThriftMethod("fire") { Oneway = true, OnewayOnly = true };

        await new GuardedService(circuit.CircuitBreaker, static () => Task.FromResult(0), oneway).CallAsync(entrance);
        Assert.Equal(CircuitState.Closed, circuit.CircuitBreaker.State);

        await Assert.ThrowsAsync<InvalidOperationException>(() => new GuardedService(circuit.CircuitBreaker, Break, oneway).CallAsync(entrance));
        await new GuardedService(circuit.CircuitBreaker, static () => Task.FromResult(0), oneway).CallAsync(entrance);
        Assert.Equal(0, circuit.CircuitBreaker.FailureCount);
    }

    [Theory]
    [MemberData(nameof(AllEndings))]
    public async Task ReportOnly_ThrowOnTrip_CallerGetsTheError(Entrance entrance, Ending ending)
    {
        var breaker = new CircuitBreaker(new() { FailMax = 1, ThrowOnTrip = true, Mode = CircuitMode.ReportOnly });
        var service = new GuardedService(breaker, () => EndAsync(ending, Error));

        Assert.Same(Error, await Assert.ThrowsAsync<InvalidOperationException>(() => service.CallAsync(entrance)));
        Assert.Equal(CircuitState.Open, breaker.State);
    }

    private static GuardedService Broken(TestCircuit circuit, bool atOnce) => Broken(circuit.CircuitBreaker, atOnce);

    private static GuardedService Broken(CircuitBreaker breaker, bool atOnce) => new(breaker, atOnce ? Break : BreakAsync);

    private static Task<int> Break() => throw Error;

    private static async Task<int> BreakAsync()
    {
        await Task.CompletedTask;
        throw Error;
    }

    private static Task<int> EndAsync(Ending ending, Exception? error)
    {
        return ending == Ending.AtOnce && error is not null ? throw error : InTaskAsync();

        async Task<int> InTaskAsync()
        {
            if (ending == Ending.Later)
            {
                await Task.Yield();
            }

            return error is null ? GuardedService.Answer : throw error;
        }
    }

    private static List<Exception> Reported(CircuitBreaker breaker)
    {
        List<Exception> reported = [];
        breaker.CallbackFailed += (_, thrown) => reported.Add(thrown.Exception);
        return reported;
    }

    private static Task<int> NeverCalled()
    {
        Assert.Fail("A call that was not admitted must not be made.");
        return Task.FromResult(0);
    }
}
