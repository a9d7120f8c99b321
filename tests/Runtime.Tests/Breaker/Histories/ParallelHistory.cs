using CsCheck;

namespace ThriftBreaker.Runtime.Tests.Breaker.Histories;

/// <summary>The state of a circuit breaker before the threads start.</summary>
internal enum Beginning
{
    Closed,
    Open,
    Due,
    HalfOpen,
    Probing,
    ProbeExpired,
}

/// <summary>
/// Concurrent steps on one circuit breaker: its settings, whether it has a handler, its state at the start, and the
/// steps of each thread.
/// </summary>
internal sealed record ParallelHistory(HistorySettings Settings, bool HasHandler, Beginning Beginning, Step[][] Threads)
{
    /// <summary>The number of calls that may be in flight when the threads start.</summary>
    public const int Tickets = 3;

    public const int MaxProbes = 3;

    private static readonly Gen<HistorySettings> AnySettings = Gen.Select(
        Gen.Int[1, 3], Gen.Int[1, 3], Gen.Int[1, MaxProbes], Gen.Bool,
        static (failMax, threshold, probes, hasLongReset) => new HistorySettings(failMax, threshold, probes, HistoryRatio.Off, false, false, hasLongReset, false));

    /// <summary>A call in flight is completed, possibly by several threads.</summary>
    public static Gen<Step> Complete { get; } =
        Gen.Select(Gen.Int[0, Tickets - 1], Gen.Enum<CallOutcome>(), static (which, outcome) => (Step)new Step.Complete(which, outcome));

    public static Gen<Step> Enter { get; } = Gen.Const<Step>(new Step.Enter());

    /// <summary>The first call that the thread has entered is completed.</summary>
    public static Gen<Step> CompleteOwn { get; } = Gen.Enum<CallOutcome>().Select(static outcome => (Step)new CompleteFirst(outcome));

    public static Gen<Step> SetState { get; } = Gen.Enum<CircuitState>().Select(static state => (Step)new Step.SetState(state));

    public static Gen<Step> SetMode { get; } = Gen.Enum<CircuitMode>().Select(static mode => (Step)new Step.SetMode(mode));

    public static Gen<Step> Update { get; } = AnySettings.Select(static settings => (Step)new Step.Update(settings));

    /// <summary>Time passes until a probe is due, or until one expires.</summary>
    public static Gen<Step> Wait { get; } = Gen.Bool.Select(
        static isLong => (Step)new Step.Wait(isLong ? HistorySettings.ResetTimeout : HistorySettings.ProbeTimeout));

    /// <summary>Whether settings or clock change, so that the moment at which a step reads them matters.</summary>
    public bool HasUpdatesOrWaits => Threads.Any(static steps => steps.Any(static step => step is Step.Update or Step.Wait));

    /// <summary>Creates histories of two or three threads, with so few steps that every order can be tried.</summary>
    public static Gen<ParallelHistory> Create(Gen<Step> step)
        => Gen.Select(
            AnySettings,
            Gen.Bool,
            Gen.Enum<Beginning>(),
            Gen.OneOf(
                Gen.Select(step.Array[1, 3], step.Array[1, 2], static (one, other) => (Step[][])[one, other]),
                Gen.Select(step.Array[1, 2], step.Array[1], step.Array[1], static (one, other, third) => (Step[][])[one, other, third])),
            static (settings, hasHandler, beginning, threads) => new ParallelHistory(settings, hasHandler, beginning, threads));

    public override string ToString()
        => $"""

            {Settings}{(HasHandler ? ", CallCompleted has a handler" : "")}
            {Beginning}
            {string.Join(Environment.NewLine, Threads.Select(static (steps, number) => $"thread {number}: {string.Join("; ", steps.Select(static step => step.ToString()))}"))}

            """;

    /// <summary>Brings a circuit breaker or a model into the state at the start.</summary>
    public void Begin(Action<CircuitState> setState, Action<TimeSpan> wait, Action<int> enter)
    {
        enter(0);
        switch (Beginning)
        {
            case Beginning.Closed:
                enter(1);
                enter(2);
                break;

            case Beginning.Open:
                setState(CircuitState.Open);
                break;

            case Beginning.Due:
                setState(CircuitState.Open);
                wait(Settings.FirstReset);
                break;

            case Beginning.HalfOpen:
                setState(CircuitState.HalfOpen);
                break;

            default:
                setState(CircuitState.HalfOpen);
                enter(1);
                enter(2);
                wait(Beginning == Beginning.ProbeExpired ? HistorySettings.ProbeTimeout : TimeSpan.Zero);
                break;
        }
    }

    internal sealed record CompleteFirst(CallOutcome Outcome) : Step;
}

/// <summary>The result of a step.</summary>
internal enum StepResult
{
    Nothing,
    Rejected,
    Uncounted,
    Call,
    Probe,
    Opened,
}

/// <summary>Everything observable after the threads have ended, and the results of the next calls.</summary>
internal sealed record ThreadsResult(
    CircuitState State,
    CircuitMode Mode,
    int Failures,
    int Successes,
    long? RetryAfter,
    long Stale,
    int Rejected,
    int Completed,
    string Changes,
    string NextCalls)
{
    /// <summary>The changes in the order of their generations.</summary>
    public static string Path(IEnumerable<CircuitStateChangedEventArgs> changes)
        => string.Join(' ', changes.OrderBy(static change => change.Generation).Select(static change => $"{change.From}-{change.Reason}-{change.To}"));

    /// <summary>Enters one call more than can probe.</summary>
    public static string EnterNextCalls(Func<StepResult> enter) => string.Join(' ', Enumerable.Range(0, ParallelHistory.MaxProbes + 1).Select(_ => enter()));
}
