using ThriftBreaker.GeneratedCode;
using ThriftBreaker.Runtime.Tests.Diagnostics;
using ThriftBreaker.Runtime.Tests.GeneratedCode;

namespace ThriftBreaker.Runtime.Tests.Execution;

/// <summary>A call inside of a probe of the same circuit breaker is part of that probe.</summary>
public sealed class NestedCallTests
{
    private static readonly InvalidOperationException Error = new("the service's own");

    private readonly TestCircuit _circuit = TestCircuit.CreateIn(CircuitState.HalfOpen);

    /// <summary>The calls: every method shape of generated code, and every Execute method.</summary>
    public static TheoryData<string> Calls { get; } =
        [.. CallShapes.All, .. Enum.GetNames<Entrance>().Where(static name => name.StartsWith("Execute", StringComparison.Ordinal))];

    /// <summary>The calls, and whether what is inside of them happens later than the return of their task.</summary>
    public static TheoryData<string, bool> CallsLaterOrNot { get; } = new MatrixTheoryData<string, bool>(Calls.Select(static row => row.Data), [true, false]);

    [Theory]
    [MemberData(nameof(CallsLaterOrNot))]
    public async Task HealthyService_CircuitCloses(string call, bool later)
    {
        await CallAsync(call, () => InnerAsync(call, later, static () => Task.FromResult(ShapeService.Answer)));

        Assert.Equal(CircuitState.Closed, _circuit.CircuitBreaker.State);
        Assert.Equal((0, 0L), (_circuit.CircuitBreaker.FailureCount, _circuit.CircuitBreaker.StaleOutcomeCount));
    }

    [Theory]
    [MemberData(nameof(CallsLaterOrNot))]
    public async Task BrokenService_OpensOnce_CallerGetsTheError(string call, bool later)
    {
        var failures = _circuit.CircuitBreaker.FailureCount;

        Assert.Same(Error, await Record.ExceptionAsync(() => CallAsync(call, () => InnerAsync(call, later, static () => throw Error))));

        Assert.Equal(CircuitState.Open, _circuit.CircuitBreaker.State);
        Assert.Equal(failures + 1, _circuit.CircuitBreaker.FailureCount);
        Assert.Equal(CircuitStateChangeReason.ProbeFailed, _circuit.Changes[^1].Reason);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task AfterTheReturnOfTheTask_CallerIsOutside(string call)
    {
        var service = new TaskCompletionSource<int>();
        var probe = Task.Run(() => CallAsync(call, () => service.Task), TestContext.Current.CancellationToken);
        await WaitForProbeAsync();

        // Other flows, and that of a caller that does not await its call.
        await Assert.ThrowsAsync<CircuitOpenException>(() => CallAsync(call, static () => Task.FromResult(0)));
        service.SetResult(ShapeService.Answer);
        await probe;

        Assert.Equal(CircuitState.Closed, _circuit.CircuitBreaker.State);
    }

    [Theory]
    [InlineData("Task<T>, 1 argument")]
    [InlineData("Task, 1 argument")]
    [InlineData("explicit task")]
    [InlineData(nameof(Entrance.ExecuteAsync))]
    [InlineData(nameof(Entrance.ExecuteValueTask))]
    [InlineData(nameof(Entrance.ExecuteValueTaskOfResult))]
    public async Task TwoCallsOfOneCaller_SecondIsRejected(string call)
    {
        var service = new TaskCompletionSource<int>();

        var first = CallAsync(call, () => service.Task);
        await Assert.ThrowsAsync<CircuitOpenException>(() => CallAsync(call, static () => Task.FromResult(0)));
        service.SetResult(ShapeService.Answer);
        await first;

        Assert.Equal(CircuitState.Closed, _circuit.CircuitBreaker.State);
    }

    [Fact]
    public async Task FlowThatOutlivesItsProbe_IsNotPartOfTheNext()
    {
        var (started, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        Task<Exception?>? left = null;
        await Assert.ThrowsAsync<InvalidOperationException>(() => _circuit.CircuitBreaker.ExecuteAsync(async _ =>
        {
            left = Task.Run(async () =>
            {
                started.SetResult();
                await goOn.Task;
                return Record.Exception(() => _circuit.CircuitBreaker.Execute(static () => { }));
            });
            await started.Task;
            throw Error;
        }, TestContext.Current.CancellationToken));
        _circuit.Clock.Advance(TestCircuit.ResetTimeout);
        _circuit.Enter();

        goOn.SetResult();

        Assert.IsType<CircuitOpenException>(await left!);
    }

    [Fact]
    public async Task ManualHalfOpenDuringTheProbe_InnerCallIsAProbeOfItsOwn()
    {
        await _circuit.CircuitBreaker.ExecuteAsync(
            async token =>
            {
                _circuit.CircuitBreaker.HalfOpen();
                await _circuit.CircuitBreaker.ExecuteAsync(static _ => Task.CompletedTask, token);
                Assert.Equal(CircuitState.Closed, _circuit.CircuitBreaker.State);
            },
            TestContext.Current.CancellationToken);

        Assert.Equal(1, _circuit.CircuitBreaker.StaleOutcomeCount);
    }

    [Fact]
    public void OneCircuitInAnother_BothClose()
    {
        var other = new CircuitBreaker();
        other.HalfOpen();

        _circuit.CircuitBreaker.Execute(() => other.Execute(() => _circuit.CircuitBreaker.Execute(() => other.Execute(static () => { }))));

        Assert.Equal((CircuitState.Closed, CircuitState.Closed), (_circuit.CircuitBreaker.State, other.State));
    }

    [Fact]
    public void SuccessThreshold_CountsEachOuterCallOnce()
    {
        var breaker = new CircuitBreaker(new() { SuccessThreshold = 2, MaxProbes = 2 });
        breaker.HalfOpen();

        breaker.Execute(() => breaker.Execute(static () => { }));
        Assert.Equal((CircuitState.HalfOpen, 1), (breaker.State, breaker.SuccessCount));
        breaker.Execute(() => breaker.Execute(static () => { }));

        Assert.Equal(CircuitState.Closed, breaker.State);
    }

    [Fact]
    public async Task StreamStepsLaterOn_ArePartOfTheProbe()
    {
        var items = new List<int>();
        await foreach (var item in new CallGuard(_circuit.CircuitBreaker).Enumerate(_circuit.CircuitBreaker, fallback: null, 0, static (breaker, _, _) => CallInEachStepAsync(breaker), method: null, TestContext.Current.CancellationToken))
        {
            items.Add(item);
            Assert.True(_circuit.CircuitBreaker.IsRejecting, "The reader is outside of the call.");
        }

        Assert.Equal([0, 1, 2], items);
        Assert.Equal(CircuitState.Closed, _circuit.CircuitBreaker.State);

        static async IAsyncEnumerable<int> CallInEachStepAsync(CircuitBreaker breaker)
        {
            for (var step = 0; step < 3; step++)
            {
                breaker.Execute(static () => { });
                yield return step;
                await Task.Yield();
            }
        }
    }

    [Fact]
    public void IsRejecting_InsideOfTheProbe_IsFalse()
    {
        _circuit.CircuitBreaker.Execute(() => Assert.False(_circuit.CircuitBreaker.IsRejecting));
        _circuit.CircuitBreaker.HalfOpen();
        var probe = _circuit.Enter();

        Assert.True(_circuit.CircuitBreaker.IsRejecting);
        probe.Complete(CallOutcome.Ignored);
    }

    [Fact]
    public void ReportOnly_InnerCallIsNotReported()
    {
        var breaker = new CircuitBreaker(new() { Mode = CircuitMode.ReportOnly, Name = $"nested {Guid.NewGuid()}" });
        var rejected = 0;
        breaker.CallRejected += (_, _) => rejected++;
        using var metrics = new MeterRecorder(breaker.Name, "thriftbreaker.calls");
        breaker.HalfOpen();

        breaker.Execute(() => breaker.Execute(static () => { }));

        Assert.Equal((CircuitState.Closed, 0), (breaker.State, rejected));
        Assert.Contains("success", Assert.Single(metrics.All).Tags, StringComparison.Ordinal);
    }

    [Fact]
    public void TimedOutProbe_InnerCallIsRejected()
    {
        Assert.Throws<CircuitOpenException>(() => _circuit.CircuitBreaker.Execute(() =>
        {
            _circuit.Clock.Advance(TestCircuit.ProbeTimeout);
            _circuit.CircuitBreaker.Execute(static () => { });
        }));

        Assert.Equal(CircuitState.Open, _circuit.CircuitBreaker.State);
    }

    private async Task WaitForProbeAsync()
    {
        while (!_circuit.CircuitBreaker.IsRejecting)
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Makes the same kind of call, inside of another.</summary>
    private async Task<int> InnerAsync(string call, bool later, Func<Task<int>> service)
    {
        if (later)
        {
            await Task.Yield();
        }

        return await CallAsync(call, service);
    }

    private async Task<int> CallAsync(string call, Func<Task<int>> service)
    {
        var breaker = _circuit.CircuitBreaker;
        if (Enum.TryParse<Entrance>(call, out var execute))
        {
            return await new GuardedService(breaker, service).CallAsync(execute);
        }

        var calls = new CallInvoker<ShapeService>(new ThriftService<ShapeService>("Shapes", breaker.Options), new ShapeService { Reply = _ => service() }, breaker, fallback: null);
        return await CallShapes.Get(call).Call(calls, new ThriftMethod("run"), TestContext.Current.CancellationToken);
    }
}
