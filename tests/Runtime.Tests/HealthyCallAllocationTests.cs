using ThriftBreaker.GeneratedCode;
using ThriftBreaker.Runtime.Tests.Execution;

namespace ThriftBreaker.Runtime.Tests;

/// <summary>A call that succeeds synchronously allocates nothing, with every rule and every entrance.</summary>
public sealed class HealthyCallAllocationTests
{
    private static readonly Task Done = Task.CompletedTask;
    private static readonly Task<int> Answered = Task.FromResult(42);
    private static readonly ThriftMethod Contract = new("ping");

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

        Allocations.None(() =>
        {
            clock.Timestamp += TimeSpan.TicksPerMillisecond;
            Call(breaker, entrance);
        });

        Assert.Equal((CircuitState.Closed, 0), (breaker.State, breaker.FailureCount));
    }

    /// <summary>Makes a call as generated code does, or through Execute.</summary>
    private static void Call(CircuitBreaker breaker, Entrance entrance)
    {
        var guard = new CallGuard(breaker);
        CallTicket ticket;
        switch (entrance)
        {
            case Entrance.Nothing or Entrance.Result:
                ticket = guard.Enter(Contract, CancellationToken.None);
                guard.Returned(ref ticket, Contract);
                break;

            case Entrance.Task:
                Assert.True(guard.TryEnter(Contract, CancellationToken.None, out ticket));
                Take(guard.Observe(ref ticket, Done, Contract, CancellationToken.None));
                break;

            case Entrance.TaskOfResult:
                Assert.True(guard.TryEnter(Contract, CancellationToken.None, out ticket));
                Take(guard.Observe(ref ticket, Answered, Contract, CancellationToken.None));
                break;

            case Entrance.ValueTask:
                Assert.True(guard.TryEnter(Contract, CancellationToken.None, out ticket));
                Take(guard.Observe(ref ticket, default(ValueTask), Contract, CancellationToken.None));
                break;

            case Entrance.ValueTaskOfResult:
                Assert.True(guard.TryEnter(Contract, CancellationToken.None, out ticket));
                Take(guard.Observe(ref ticket, new ValueTask<int>(42), Contract, CancellationToken.None));
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
}
