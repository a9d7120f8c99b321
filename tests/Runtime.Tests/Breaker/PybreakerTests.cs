using Microsoft.Extensions.Time.Testing;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>
/// What a pybreaker user relies on, one test for each row that was taken from pybreaker's own tests. Calls go through
/// <c>Execute</c>; a caller that pybreaker gives its own error gets <see cref="CircuitOpenException"/> (ThrowOnTrip).
/// </summary>
public sealed class PybreakerTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly InvalidOperationException _error = new("the function's own");

    [Fact(DisplayName = "PB-01: one success on a fresh circuit")]
    public void ASuccessLeavesAFreshCircuitAsItIs()
    {
        var breaker = Breaker();

        Assert.True(breaker.Execute(() => true));

        AssertStands(breaker, CircuitState.Closed, failures: 0);
    }

    [Fact(DisplayName = "PB-02: one failure on a fresh circuit")]
    public void AFailureReachesTheCallerAndIsCounted()
    {
        var breaker = Breaker();

        AssertFails(breaker);

        AssertStands(breaker, CircuitState.Closed, failures: 1);
    }

    [Fact(DisplayName = "PB-03: a failure, then a success")]
    public void ASuccessClearsTheFailures()
    {
        var breaker = Breaker();
        AssertFails(breaker);
        AssertStands(breaker, CircuitState.Closed, failures: 1);

        Succeed(breaker);

        AssertStands(breaker, CircuitState.Closed, failures: 0);
    }

    [Fact(DisplayName = "PB-04: the failure that reaches FailMax opens the circuit")]
    public void TheLastOfFailMaxFailuresOpensTheCircuit()
    {
        var breaker = Breaker(failMax: 3);

        AssertFails(breaker);
        AssertFails(breaker);
        AssertTrips(breaker);

        AssertStands(breaker, CircuitState.Open, failures: 3);
    }

    [Fact(DisplayName = "PB-05: without ThrowOnTrip the tripping call gets its own error")]
    public void WithoutThrowOnTripOnlyTheNextCallIsRejected()
    {
        var breaker = Breaker(failMax: 3, throwOnTrip: false);

        AssertFails(breaker);
        AssertFails(breaker);
        AssertFails(breaker);
        AssertStands(breaker, CircuitState.Open, failures: 3);

        AssertRejects(breaker);
        AssertStands(breaker, CircuitState.Open, failures: 3);
    }

    [Fact(DisplayName = "PB-08: a failure after the reset timeout opens the circuit again")]
    public void AFailedProbeOpensTheCircuitAgain()
    {
        var breaker = Breaker(failMax: 3, resetTimeout: TimeSpan.FromSeconds(0.5));
        Trip(breaker);

        _clock.Advance(TimeSpan.FromSeconds(0.6));
        AssertTrips(breaker);

        AssertStands(breaker, CircuitState.Open, failures: 4);
    }

    [Fact(DisplayName = "PB-09: a success after the reset timeout closes the circuit")]
    public void ASuccessfulProbeClosesTheCircuit()
    {
        var breaker = Breaker(failMax: 3, resetTimeout: TimeSpan.FromSeconds(1));
        Trip(breaker);
        AssertRejects(breaker);

        _clock.Advance(TimeSpan.FromSeconds(2));
        var runs = 0;
        breaker.Execute(() => { runs++; });

        Assert.Equal(1, runs);
        AssertStands(breaker, CircuitState.Closed, failures: 0);
    }

    [Fact(DisplayName = "PB-10: half-opened by hand, then a failure")]
    public void AFailureInHalfOpenOpensTheCircuit()
    {
        var breaker = Breaker();
        breaker.HalfOpen();
        AssertStands(breaker, CircuitState.HalfOpen, failures: 0);

        AssertTrips(breaker);

        AssertStands(breaker, CircuitState.Open, failures: 1);
    }

    [Fact(DisplayName = "PB-11: half-opened by hand, then a success")]
    public void ASuccessInHalfOpenClosesTheCircuit()
    {
        var breaker = Breaker();
        breaker.HalfOpen();

        Succeed(breaker);

        AssertStands(breaker, CircuitState.Closed, failures: 0);
    }

    [Fact(DisplayName = "PB-12: closed by hand")]
    public void ClosingByHandClearsTheFailures()
    {
        var breaker = Breaker(failMax: 3);
        Trip(breaker);
        AssertRejects(breaker);
        AssertStands(breaker, CircuitState.Open, failures: 3);

        breaker.Close();

        AssertStands(breaker, CircuitState.Closed, failures: 0);
    }

    [Fact(DisplayName = "PB-13: a listener sees each change of state")]
    public void ListenersSeeTransitionsMadeByHand()
    {
        var breaker = Breaker();
        var seen = new List<(CircuitState From, CircuitState To)>();
        breaker.StateChanged += (_, change) => seen.Add((change.From, change.To));

        breaker.Open();
        breaker.HalfOpen();
        breaker.Close();

        Assert.Equal(
            [
                (CircuitState.Closed, CircuitState.Open),
                (CircuitState.Open, CircuitState.HalfOpen),
                (CircuitState.HalfOpen, CircuitState.Closed),
            ],
            seen);
    }

    [Fact(DisplayName = "PB-18: the defaults")]
    public void TheDefaultsArePybreakers()
    {
        var breaker = new CircuitBreaker();

        Assert.Equal(5, breaker.Options.FailMax);
        Assert.Equal(TimeSpan.FromSeconds(60), breaker.Options.ResetTimeout);
        Assert.Equal(1, breaker.Options.SuccessThreshold);
        AssertStands(breaker, CircuitState.Closed, failures: 0);
    }

    [Fact(DisplayName = "PB-22: settings that change are in force at the next call")]
    public void SettingsMayChangeWhileTheCircuitIsInUse()
    {
        var breaker = Breaker(failMax: 5, resetTimeout: TimeSpan.FromSeconds(60));
        for (var call = 0; call < 4; call++)
        {
            AssertFails(breaker);
        }

        breaker.Update(breaker.Options with { FailMax = 10, ResetTimeout = TimeSpan.FromSeconds(30) });

        Assert.Equal((10, TimeSpan.FromSeconds(30)), (breaker.Options.FailMax, breaker.Options.ResetTimeout));
        for (var call = 4; call < 9; call++)
        {
            AssertFails(breaker);
        }

        AssertTrips(breaker);
        _clock.Advance(TimeSpan.FromSeconds(30));
        Succeed(breaker);
        AssertStands(breaker, CircuitState.Closed, failures: 0);
    }

    [Fact(DisplayName = "PB-26: listeners are called in order of registration")]
    public void ListenersAreCalledInOrderOfRegistration()
    {
        var breaker = Breaker();
        var called = new List<string>();
        breaker.StateChanged += (_, _) => called.Add("first");
        breaker.StateChanged += (_, _) => called.Add("second");

        breaker.Open();

        Assert.Equal(["first", "second"], called);
    }

    [Fact(DisplayName = "PB-29: excluded types and their subclasses count as successes")]
    public void AnExcludedTypeCountsAsASuccess()
    {
        var breaker = Breaker(exclude: [typeof(IOException)]);

        AssertFails(breaker);
        AssertStands(breaker, CircuitState.Closed, failures: 1);
        AssertThrows(breaker, new IOException("excluded"));
        AssertStands(breaker, CircuitState.Closed, failures: 0);
        AssertFails(breaker);
        AssertStands(breaker, CircuitState.Closed, failures: 1);
        AssertThrows(breaker, new FileNotFoundException("excluded, too"));
        AssertStands(breaker, CircuitState.Closed, failures: 0);
    }

    [Fact(DisplayName = "PB-30: exclusion by predicate")]
    public void AnExcludedErrorIsFoundByPredicate()
    {
        var breaker = Breaker(excludeWhen: static error => error.Message == "good");

        AssertThrows(breaker, new InvalidOperationException("bad"));
        AssertStands(breaker, CircuitState.Closed, failures: 1);
        AssertThrows(breaker, new InvalidOperationException("good"));
        AssertStands(breaker, CircuitState.Closed, failures: 0);
        AssertThrows(breaker, new InvalidOperationException("other"));
        AssertStands(breaker, CircuitState.Closed, failures: 1);
    }

    [Fact(DisplayName = "PB-39: one success suffices by default")]
    public void OneSuccessClosesByDefault()
    {
        var breaker = Breaker(failMax: 3, resetTimeout: TimeSpan.FromSeconds(0.1));
        Trip(breaker);

        _clock.Advance(TimeSpan.FromSeconds(0.2));
        Succeed(breaker);

        AssertStands(breaker, CircuitState.Closed, failures: 0, successes: 0);
    }

    [Fact(DisplayName = "PB-40: SuccessThreshold successes close the circuit")]
    public void SuccessThresholdSuccessesClose()
    {
        var breaker = Breaker(failMax: 3, resetTimeout: TimeSpan.FromSeconds(0.1), successThreshold: 3);
        Trip(breaker);

        _clock.Advance(TimeSpan.FromSeconds(0.2));
        Succeed(breaker);
        AssertStands(breaker, CircuitState.HalfOpen, failures: 0, successes: 1);
        Succeed(breaker);
        AssertStands(breaker, CircuitState.HalfOpen, failures: 0, successes: 2);
        Succeed(breaker);

        AssertStands(breaker, CircuitState.Closed, failures: 0, successes: 0);
    }

    [Fact(DisplayName = "PB-41: a failure before SuccessThreshold opens the circuit again")]
    public void AFailureBeforeSuccessThresholdOpensAgain()
    {
        var breaker = Breaker(failMax: 3, resetTimeout: TimeSpan.FromSeconds(0.1), successThreshold: 3);
        Trip(breaker);

        _clock.Advance(TimeSpan.FromSeconds(0.2));
        Succeed(breaker);
        AssertStands(breaker, CircuitState.HalfOpen, failures: 0, successes: 1);
        Succeed(breaker);
        AssertStands(breaker, CircuitState.HalfOpen, failures: 0, successes: 2);
        AssertTrips(breaker);

        AssertStands(breaker, CircuitState.Open, failures: 1, successes: 0);
    }

    [Theory(DisplayName = "PB-53, PB-56: failures from several threads are all counted")]
    [InlineData(500, 1500)]
    [InlineData(2000, 3000)]
    public void ThreadsLoseNoFailure(int callsOfEachThread, int failures)
    {
        const int Threads = 3;
        var breaker = Breaker(failMax: 3000);

        Race.Run(Threads, _ =>
        {
            for (var call = 0; call < callsOfEachThread; call++)
            {
                Assert.ThrowsAny<Exception>(() => breaker.Execute(Failing));
            }
        });

        Assert.Equal(failures, breaker.FailureCount);
    }

    [Fact(DisplayName = "PB-55: threads that fail at once half-open the circuit once")]
    public void ThreadsHalfOpenTheCircuitOnce()
    {
        const int Threads = 5;
        for (var round = 0; round < TestRun.Times(quick: 100, @long: 1_000); round++)
        {
            var breaker = Breaker(failMax: 1, resetTimeout: TimeSpan.FromSeconds(0.01));
            var halfOpened = 0;
            breaker.StateChanged += (_, change) => Interlocked.Add(ref halfOpened, change.To == CircuitState.HalfOpen ? 1 : 0);
            breaker.Open();
            _clock.Advance(TimeSpan.FromSeconds(0.01));

            Race.Run(Threads, _ => Assert.Throws<CircuitOpenException>(() => breaker.Execute(Failing)));

            Assert.Equal(1, halfOpened);
        }
    }

    [Fact(DisplayName = "PB-59: a guarded body from trip to recovery")]
    public void ABodyRunsOnlyWhenTheCircuitLetsIt()
    {
        var breaker = Breaker(failMax: 2, resetTimeout: TimeSpan.FromSeconds(0.01));
        var runs = 0;

        AssertFails(breaker);
        AssertTrips(breaker);
        AssertStands(breaker, CircuitState.Open, failures: 2);

        Assert.Throws<CircuitOpenException>(() => breaker.Execute(() => ++runs));
        Assert.Equal(0, runs);

        _clock.Advance(TimeSpan.FromSeconds(0.01));
        Assert.Equal(1, breaker.Execute(() => ++runs));
        Assert.Equal(1, runs);
        AssertStands(breaker, CircuitState.Closed, failures: 0);
    }

    private static void Succeed(CircuitBreaker breaker) => breaker.Execute(static () => { });

    private void Failing() => throw _error;

    private void AssertFails(CircuitBreaker breaker)
        => Assert.Same(_error, Assert.Throws<InvalidOperationException>(() => breaker.Execute(Failing)));

    private static void AssertThrows(CircuitBreaker breaker, Exception error)
        => Assert.Same(error, Record.Exception(() => breaker.Execute(() => throw error)));

    private void AssertTrips(CircuitBreaker breaker)
        => Assert.Same(_error, Assert.Throws<CircuitOpenException>(() => breaker.Execute(Failing)).InnerException);

    private static void AssertRejects(CircuitBreaker breaker)
        => Assert.Throws<CircuitOpenException>(() => breaker.Execute(static () => Assert.Fail("A rejected call must not run.")));

    private void Trip(CircuitBreaker breaker)
    {
        for (var call = 1; call < breaker.Options.FailMax; call++)
        {
            AssertFails(breaker);
        }

        AssertTrips(breaker);
    }

    private static void AssertStands(CircuitBreaker breaker, CircuitState state, int failures, int successes = 0)
        => Assert.Equal((state, failures, successes), (breaker.State, breaker.FailureCount, breaker.SuccessCount));

    private CircuitBreaker Breaker(
        int failMax = 5,
        TimeSpan? resetTimeout = null,
        int successThreshold = 1,
        bool throwOnTrip = true,
        IReadOnlyList<Type>? exclude = null,
        Func<Exception, bool>? excludeWhen = null) => new(new()
        {
            FailMax = failMax,
            ResetTimeout = resetTimeout ?? TimeSpan.FromSeconds(60),
            SuccessThreshold = successThreshold,
            ThrowOnTrip = throwOnTrip,
            Exclude = exclude ?? [],
            ExcludeWhen = excludeWhen,
            TimeProvider = _clock,
        });
}
