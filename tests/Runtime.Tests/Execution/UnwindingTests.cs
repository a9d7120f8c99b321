using System.Runtime.CompilerServices;
using ThriftBreaker.GeneratedCode;
using ThriftBreaker.Runtime.Tests.GeneratedCode;

namespace ThriftBreaker.Runtime.Tests.Execution;

/// <summary>
/// A call that threw is classified after its stack has unwound: its locks are released, and the exception is the one
/// that its caller gets.
/// </summary>
public sealed class UnwindingTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>The calls: every method shape of generated code, and every Execute method.</summary>
    public static TheoryData<string> Calls { get; } =
        [.. CallShapes.All, .. Enum.GetNames<Entrance>().Where(static name => name.StartsWith("Execute", StringComparison.Ordinal)), "stream that throws at once", "value task that throws when read"];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task LockOfTheCall_IsReleasedBeforeCallbacks(string call)
    {
        var gate = new object();
        var waited = new List<bool>();
        bool Wait()
        {
            // From another thread, as a handler may do that waits for work.
            waited.Add(Task.Run(() => { lock (gate) { return true; } }).Wait(Deadline));
            return false;
        }

        var breaker = new CircuitBreaker(new()
        {
            FailMax = 1,
            ExcludeWhen = _ => Wait(),
            OutcomeClassifier = _ => Wait() ? CallOutcome.Success : null,
        });
        breaker.CallCompleted += (_, _) => Wait();
        breaker.StateChanged += (_, _) => Wait();
        var error = new InvalidOperationException("thrown under a lock");

        Assert.Same(error, await Record.ExceptionAsync(() => CallAsync(call, breaker, () =>
        {
            lock (gate)
            {
                throw error;
            }
        })));

        Assert.Equal([true, true, true, true], waited);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task FinallyThrows_OutcomeIsOfTheExceptionThatTheCallerGets(string call)
    {
        var heard = new List<Exception?>();
        var breaker = new CircuitBreaker(new() { FailMax = 1, Ignore = [typeof(NotSupportedException)] });
        breaker.CallCompleted += (_, completed) => heard.Add(completed.Exception);
        var last = new InvalidOperationException("thrown by the finally block");

        Assert.Same(last, await Record.ExceptionAsync(() => CallAsync(call, breaker, () =>
        {
            try
            {
                throw new NotSupportedException("lost");
            }
            finally
            {
                Throw(last);
            }
        })));

        Assert.Same(last, Assert.Single(heard));
        Assert.Same(last, breaker.LastException);
        Assert.Equal(CircuitState.Open, breaker.State);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Error_KeepsItsStack(string call)
    {
        var error = await Record.ExceptionAsync(() => CallAsync(call, new CircuitBreaker(), static () => Throw(new InvalidOperationException())));

        Assert.Contains(nameof(Throw), error!.StackTrace!, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task ThrowOnTrip_CallerGetsTheTrip(string call)
    {
        var breaker = new CircuitBreaker(new() { FailMax = 1, ThrowOnTrip = true });
        var error = new InvalidOperationException();

        var trip = Assert.IsType<CircuitOpenException>(await Record.ExceptionAsync(() => CallAsync(call, breaker, () => Throw(error))));

        Assert.True(trip.IsTrip);
        Assert.Same(error, trip.InnerException);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Throw(Exception error) => throw error;

    /// <summary>Makes a call of a service that throws at once, before it returns a task.</summary>
    private static async Task CallAsync(string call, CircuitBreaker breaker, Action service)
    {
        var token = TestContext.Current.CancellationToken;
        switch (call)
        {
            case "stream that throws at once":
                await foreach (var _ in new CallGuard(breaker).Enumerate(service, fallback: null, 0, static (service, _, _) => new ThrowingStream(service), method: null, token))
                {
                    Assert.Fail("The stream has no items.");
                }

                break;

            case "value task that throws when read":
                await breaker.ExecuteValueTaskAsync(service, static (service, _) => new ValueTask(new ThrowingSource(service), token: 0), token);
                break;

            case var entrance when Enum.TryParse<Entrance>(entrance, out var execute):
                await new GuardedService(breaker, Thrown).CallAsync(execute);
                break;

            default:
                var shape = new ShapeService { Reply = _ => Thrown() };
                var calls = new CallInvoker<ShapeService>(new ThriftService<ShapeService>("Shapes", breaker.Options), shape, breaker, fallback: null);
                await CallShapes.Get(call).Call(calls, new ThriftMethod("run"), token);
                break;
        }

        Task<int> Thrown()
        {
            service();
            return Task.FromResult(0);
        }
    }

    private sealed class ThrowingStream(Action next) : IAsyncEnumerable<int>, IAsyncEnumerator<int>
    {
        public int Current => 0;

        public IAsyncEnumerator<int> GetAsyncEnumerator(CancellationToken cancellationToken) => this;

        public ValueTask<bool> MoveNextAsync()
        {
            next();
            return new(false);
        }

        public ValueTask DisposeAsync() => default;
    }

    private sealed class ThrowingSource(Action result) : System.Threading.Tasks.Sources.IValueTaskSource
    {
        public void GetResult(short token) => result();

        public System.Threading.Tasks.Sources.ValueTaskSourceStatus GetStatus(short token) => System.Threading.Tasks.Sources.ValueTaskSourceStatus.Faulted;

        public void OnCompleted(Action<object?> continuation, object? state, short token, System.Threading.Tasks.Sources.ValueTaskSourceOnCompletedFlags flags)
            => continuation(state);
    }
}
