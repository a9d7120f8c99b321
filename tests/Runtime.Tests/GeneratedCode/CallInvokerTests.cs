using System.Net;
using System.Net.Sockets;
using ThriftBreaker.GeneratedCode;

namespace ThriftBreaker.Runtime.Tests.GeneratedCode;

/// <summary>
/// Calls of every shape, to an inner client, over a channel and through a pipeline, in every situation.
/// </summary>
public sealed class CallInvokerTests : IDisposable
{
    private static readonly InvalidOperationException Error = new("The service is down.");
    private static readonly ThriftMethod Method = new("run");
    private static readonly ThriftMethod Bypassed = new("skip") { CircuitBreakerIndex = 0 };

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ShapeService _service = new();
    private readonly ShapeService _fallback = new() { Reply = static _ => Task.FromResult(-1) };
    private readonly CircuitBreaker _breaker = new(new() { Name = "shapes", FailMax = 2, TimeProvider = new ManualClock() });

    public CallInvokerTests() => _listener.Start();

    /// <summary>How an invoker makes its calls.</summary>
    public enum Form
    {
        InProcess,
        Channel,
        ChannelToSeveral,
        PipelineInProcess,
        PipelineOverChannel,
        TwoPipelines,
    }

    public static TheoryData<Form, string> Everything
        =>
        [
            .. CallShapes.All.Select(static shape => (Form.InProcess, shape)),
            .. Enum.GetValues<Form>().Where(static form => form != Form.InProcess).SelectMany(static form => CallShapes.OfTasks.Keys.Select(shape => (form, shape))),
        ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _listener.Dispose();

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task HealthyCallReachesTheServiceWithItsArguments(Form form, string shape)
    {
        var calls = Create(form);

        Assert.Equal(ShapeService.Answer, await CallShapes.Get(shape).Call(calls, Method, Token));

        Assert.Equal([CallShapes.Get(shape).Arguments], _service.Calls);
        Assert.Empty(_fallback.Calls);
        await calls.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task RejectedCallThrowsAndReachesNoService(Form form, string shape)
    {
        var calls = Create(form);
        _breaker.Open();

        await Assert.ThrowsAsync<CircuitOpenException>(() => CallShapes.Get(shape).Call(calls, Method, Token));

        Assert.Empty(_service.Calls);
        await calls.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task RejectedCallWithFallbackReachesTheFallbackWithItsArguments(Form form, string shape)
    {
        var calls = Create(form, _fallback);
        _breaker.Open();

        var result = await CallShapes.Get(shape).Call(calls, Method, Token);

        Assert.Equal(shape is "void" or "ValueTask" || shape.StartsWith("Task,", StringComparison.Ordinal) ? ShapeService.Answer : -1, result);
        Assert.Empty(_service.Calls);
        Assert.Equal([CallShapes.Get(shape).Arguments], _fallback.Calls);
        await calls.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task BypassedCallReachesTheServiceOfAnOpenCircuit(Form form, string shape)
    {
        if (shape.StartsWith("explicit", StringComparison.Ordinal))
        {
            // The generator generates a call of the inner client in their place.
            return;
        }

        var calls = Create(form, _fallback);
        _breaker.Open();

        Assert.Equal(ShapeService.Answer, await CallShapes.Get(shape).Call(calls, Bypassed, Token));

        Assert.Equal([CallShapes.Get(shape).Arguments], _service.Calls);
        Assert.Empty(_fallback.Calls);
        await calls.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task FailedCallThrowsItsErrorAndCounts(Form form, string shape)
    {
        var calls = Create(form);
        _service.Reply = static _ => Task.FromException<int>(Error);
        Assert.Same(Error, await Assert.ThrowsAsync<InvalidOperationException>(() => CallShapes.Get(shape).Call(calls, Method, Token)));
        Assert.Equal(1, _breaker.FailureCount);

        _service.Reply = static _ => throw Error;
        Assert.Same(Error, await Assert.ThrowsAsync<InvalidOperationException>(() => CallShapes.Get(shape).Call(calls, Method, Token)));

        Assert.Equal((CircuitState.Open, 2), (_breaker.State, _breaker.FailureCount));
        Assert.Same(Error, _breaker.LastException);
        await calls.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task CallThatFailsLaterThrowsItsErrorAndCounts(Form form, string shape)
    {
        var calls = Create(form);
        _service.Reply = static async _ =>
        {
            await Task.Yield();
            throw Error;
        };

        Assert.Same(Error, await Assert.ThrowsAsync<InvalidOperationException>(() => CallShapes.Get(shape).Call(calls, Method, Token)));

        Assert.Equal(1, _breaker.FailureCount);
        await calls.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task CancelledCallReachesNeitherServiceNorFallbackAndDoesNotCount(Form form, string shape)
    {
        var calls = Create(form, _fallback);
        var cancelled = new CancellationToken(canceled: true);

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CallShapes.Get(shape).Call(calls, Method, cancelled));

        Assert.Equal(cancelled, error.CancellationToken);
        Assert.Empty(_service.Calls);
        Assert.Empty(_fallback.Calls);
        Assert.Equal(0, _breaker.FailureCount);
        await calls.DisposeAsync();
    }

    [Theory]
    [InlineData(Form.Channel)]
    [InlineData(Form.PipelineInProcess)]
    public async Task CallWithoutResultReportsNullToTheClassifier(Form form)
    {
        var results = new List<object?>();
        _breaker.Update(_breaker.Options with
        {
            OutcomeClassifier = call =>
            {
                results.Add(call.Result);
                return null;
            },
        });
        var calls = Create(form);
        _breaker.HalfOpen();

        await CallShapes.Get("Task, 1 argument").Call(calls, Method, Token);

        Assert.Equal([null], results);
        await calls.DisposeAsync();
    }

    [Fact]
    public async Task PipelineAttemptsACallAgainWithTheSameArguments()
    {
        var calls = Create(Form.InProcess).WithPipeline(new Retry());
        _service.Reply = _ => _service.Calls.Count == 1 ? Task.FromException<int>(Error) : Task.FromResult(ShapeService.Answer);

        Assert.Equal(ShapeService.Answer, await CallShapes.Get("Task<T>, 3 arguments").Call(calls, Method, Token));

        Assert.Equal(["1 b 3", "1 b 3"], _service.Calls);
        Assert.Same(_breaker, calls.ServiceCircuitBreaker);
    }

    [Fact]
    public void InnerOfAnInvokerOverAChannelThrows()
    {
        using var channel = new ThriftChannel(new ThriftEndpoint("localhost", 1));
        var calls = new CallInvoker<ShapeService>(Service(), channel, _breaker, fallback: null);

        Assert.Throws<InvalidOperationException>(() => calls.Inner);
    }

    [Fact]
    public void MissingArgumentsAreNamedAndTheInnerClientIsCheckedFirst()
    {
        var service = Service();
        Assert.Throws<ArgumentNullException>("inner", () => new CallInvoker<ShapeService>(service, inner: null!, _breaker, null));
        Assert.Throws<ArgumentNullException>("inner", () => new CallInvoker<ShapeService>(service, inner: null!, static CircuitBreaker (_) => throw Error, null));
        Assert.Throws<ArgumentNullException>("circuitBreaker", () => new CallInvoker<ShapeService>(service, _service, (CircuitBreaker)null!, null));
        Assert.Throws<ArgumentNullException>("circuitBreakers", () => new CallInvoker<ShapeService>(service, _service, (Func<CircuitBreakerOptions, CircuitBreaker>)null!, null));
        Assert.Throws<ArgumentNullException>("channel", () => new CallInvoker<ShapeService>(service, channel: null!, _breaker, null));
        Assert.Throws<ArgumentNullException>("pipeline", () => Create(Form.InProcess).WithPipeline(null!));
    }

    private CallInvoker<ShapeService> Create(Form form, ShapeService? fallback = null)
    {
        var endpoint = new ThriftEndpoint("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);
        return form switch
        {
            Form.InProcess => new(Service(), _service, _breaker, fallback),
            Form.Channel => new(Service(), new ThriftChannel(endpoint), _breaker, fallback),
            Form.ChannelToSeveral => new(Service(), new ThriftChannel([endpoint, endpoint]), _breaker, fallback),
            Form.PipelineInProcess => Create(Form.InProcess, fallback).WithPipeline(new Once()),
            Form.PipelineOverChannel => Create(Form.Channel, fallback).WithPipeline(new Once()),
            _ => Create(Form.PipelineInProcess, fallback).WithPipeline(new Once()),
        };
    }

    private ThriftService<ShapeService> Service() => new("Shapes", new CircuitBreakerOptions(), Method, Bypassed) { CreateClient = _ => _service };

    private sealed class Once : ICallPipeline
    {
        public Task<TResult> ExecuteAsync<TState, TResult>(
            ThriftMethod method, TState state, Func<TState, CancellationToken, Task<TResult>> attempt, CancellationToken cancellationToken)
            => attempt(state, cancellationToken);
    }

    private sealed class Retry : ICallPipeline
    {
        public async Task<TResult> ExecuteAsync<TState, TResult>(
            ThriftMethod method, TState state, Func<TState, CancellationToken, Task<TResult>> attempt, CancellationToken cancellationToken)
        {
            try
            {
                return await attempt(state, cancellationToken);
            }
            catch (InvalidOperationException)
            {
                return await attempt(state, cancellationToken);
            }
        }
    }
}
