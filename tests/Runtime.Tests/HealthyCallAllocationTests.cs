using ThriftBreaker.GeneratedCode;
using ThriftBreaker.Runtime.Tests.Execution;

namespace ThriftBreaker.Runtime.Tests;

/// <summary>A call that succeeds synchronously allocates nothing, with every rule and every entrance.</summary>
public sealed class HealthyCallAllocationTests
{
    private static readonly Task Done = Task.CompletedTask;
    private static readonly Task<int> Answered = Task.FromResult(42);
    private static readonly ThriftMethod Method = new("ping");
    private static readonly ThriftMethod Bypassed = new("pong") { CircuitBreakerIndex = 0 };

    private static readonly Dictionary<string, CircuitBreakerOptions> Rules = new()
    {
        ["consecutive failures"] = new(),
        ["a ratio over time"] = new() { FailureRatio = 0.5, MinimumThroughput = 10 },
        ["a ratio over the last calls"] = new() { FailureRatio = 0.5, SamplingCalls = 20 },
        ["slow calls"] = new() { SlowCallDuration = TimeSpan.FromSeconds(1), SlowCallRatio = 0.5, MinimumThroughput = 10 },
    };

    public static TheoryData<string, Entrance> EveryEntrance => new MatrixTheoryData<string, Entrance>(Rules.Keys, Enum.GetValues<Entrance>());

    [Theory]
    [MemberData(nameof(EveryEntrance))]
    public void HealthyCall_AllocatesNothing(string rule, Entrance entrance)
    {
        var clock = new ManualClock();
        var breaker = new CircuitBreaker(Rules[rule] with { TimeProvider = clock });
        var calls = new CallInvoker<Service>(new ThriftService<Service>("Service", breaker.Options), new Service(), breaker, fallback: null);

        Allocations.None(() =>
        {
            clock.Timestamp += TimeSpan.TicksPerMillisecond;
            Call(breaker, calls, entrance);
        });

        Assert.Equal((CircuitState.Closed, 0), (breaker.State, breaker.FailureCount));
    }

    /// <summary>Makes a call as generated code does, or with an Execute method.</summary>
    private static void Call(CircuitBreaker breaker, CallInvoker<Service> calls, Entrance entrance)
    {
        var token = CancellationToken.None;
        switch (entrance)
        {
            case Entrance.Nothing:
                calls.Call(Method, 1, static (service, number, _) => service.Put(number), token);
                break;

            case Entrance.Result:
                _ = calls.Call(Method, (1, "2"), static (service, state, _) => service.Get(state.Item1), token);
                break;

            case Entrance.Task:
                Take(calls.CallAsync(Method, 0, static (service, _, _) => service.PutAsync(), token));
                Take(calls.CallAsync(Method, 1, "2", static (service, _, _, _) => service.PutAsync(), token));
                Take(calls.CallAsync(Method, 1, "2", 3L, static (service, _, _, _, _) => service.PutAsync(), token));
                Take(calls.CallAsync(Method, (1, "2", 3L, 4.0), static (service, _, _) => service.PutAsync(), token));
                break;

            case Entrance.TaskOfResult:
                Take(calls.CallAsync(Method, 0, static (service, _, _) => service.GetAsync(), token));
                Take(calls.CallAsync(Method, 1, "2", static (service, _, _, _) => service.GetAsync(), token));
                Take(calls.CallAsync(Method, 1, "2", 3L, static (service, _, _, _, _) => service.GetAsync(), token));
                Take(calls.CallAsync(Method, (1, "2", 3L, 4.0), static (service, _, _) => service.GetAsync(), token));
                Take(calls.CallAsync(Bypassed, 1, static (service, _, _) => service.GetAsync(), token));
                break;

            case Entrance.ValueTask:
                Take(calls.CallValueAsync(Method, 0, static (service, _, _) => service.PutSoonAsync(), token));
                break;

            case Entrance.ValueTaskOfResult:
                Take(calls.CallValueAsync(Method, 0, static (service, _, _) => service.GetSoonAsync(), token));
                Assert.True(calls.TryEnter(Method, token, out var call));
                Take(call.Observe(calls.Inner.GetSoonAsync()));
                break;

            case Entrance.Execute:
                breaker.Execute(static () => { });
                break;

            case Entrance.ExecuteOfResult:
                _ = breaker.Execute(static () => 42);
                break;

            case Entrance.ExecuteAsync:
                Take(breaker.ExecuteAsync(static _ => Done));
                break;

            case Entrance.ExecuteAsyncOfResult:
                Take(breaker.ExecuteAsync(static _ => Answered));
                break;

            case Entrance.ExecuteValueTask:
                Take(breaker.ExecuteValueTaskAsync(static _ => default));
                break;

            case Entrance.ExecuteValueTaskOfResult:
                Take(breaker.ExecuteValueTaskAsync(static _ => new ValueTask<int>(42)));
                break;

            case Entrance.ExecuteWithState:
                breaker.Execute(Done, static done => { _ = done; });
                break;

            case Entrance.ExecuteWithStateOfResult:
                _ = breaker.Execute(Answered, static answered => answered.IsCompleted);
                break;

            case Entrance.ExecuteAsyncWithState:
                Take(breaker.ExecuteAsync(Done, static (done, _) => done));
                break;

            case Entrance.ExecuteAsyncWithStateOfResult:
                Take(breaker.ExecuteAsync(Answered, static (answered, _) => answered));
                break;

            case Entrance.ExecuteValueTaskWithState:
                Take(breaker.ExecuteValueTaskAsync(Done, static (_, _) => default));
                break;

            case Entrance.ExecuteValueTaskWithStateOfResult:
                Take(breaker.ExecuteValueTaskAsync(Answered, static (answered, _) => new ValueTask<int>(answered)));
                break;

            default:
                throw new ArgumentOutOfRangeException(nameof(entrance), entrance, message: null);
        }
    }

    private static void Take(Task call) => Assert.True(call.IsCompletedSuccessfully);

    private static void Take(ValueTask call) => Assert.True(call.IsCompletedSuccessfully);

    private static void Take(ValueTask<int> call) => Assert.True(call.IsCompletedSuccessfully);

    private sealed class Service
    {
        private int _number;

        public void Put(int number) => _number = number;

        public int Get(int number) => _number + number;

        public Task PutAsync() => _number == 0 ? Done : Answered;

        public Task<int> GetAsync() => _number == 0 ? Answered : throw new InvalidOperationException();

        public ValueTask PutSoonAsync() => new(PutAsync());

        public ValueTask<int> GetSoonAsync() => new(42 + _number);
    }
}
