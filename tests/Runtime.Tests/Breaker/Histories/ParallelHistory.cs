using CsCheck;

namespace ThriftBreaker.Runtime.Tests.Breaker.Histories;

/// <summary>How a circuit stands when threads come to it.</summary>
internal enum Beginning
{
    Closed,
    Open,
    Due,
    HalfOpen,
    Probing,
    ProbeLost,
}

/// <summary>What threads do to one circuit at once: its settings, who listens, how it stands, and the steps of each thread.</summary>
internal sealed record ParallelHistory(HistorySettings Settings, bool IsListening, Beginning Beginning, Step[][] Threads)
{
    /// <summary>How many calls may be under way when the threads come.</summary>
    public const int Tickets = 3;

    public const int MostProbes = 3;

    private static readonly Gen<HistorySettings> AnySettings = Gen.Select(
        Gen.Int[1, 3], Gen.Int[1, 3], Gen.Int[1, MostProbes], Gen.Bool,
        static (failMax, threshold, probes, isPatient) => new HistorySettings(failMax, threshold, probes, HistoryRatio.Off, false, false, isPatient, false));

    /// <summary>A call that is under way ends; several threads may say so.</summary>
    public static Gen<Step> Verdict { get; } =
        Gen.Select(Gen.Int[0, Tickets - 1], Gen.Enum<CallOutcome>(), static (which, outcome) => (Step)new Step.Complete(which, outcome));

    public static Gen<Step> Enter { get; } = Gen.Const<Step>(new Step.Enter());

    /// <summary>The call that the thread has entered first ends.</summary>
    public static Gen<Step> Finish { get; } = Gen.Enum<CallOutcome>().Select(static outcome => (Step)new Last(outcome));

    public static Gen<Step> Hand { get; } = Gen.Enum<CircuitState>().Select(static state => (Step)new Step.Steer(state));

    public static Gen<Step> Turn { get; } = Gen.Enum<CircuitMode>().Select(static mode => (Step)new Step.Turn(mode));

    public static Gen<Step> Update { get; } = AnySettings.Select(static settings => (Step)new Step.Update(settings));

    /// <summary>The clock goes on, by as much as makes a probe due, or one lost.</summary>
    public static Gen<Step> Wait { get; } = Gen.Bool.Select(
        static isLong => (Step)new Step.Wait(isLong ? HistorySettings.ResetTimeout : HistorySettings.ProbeTimeout));

    /// <summary>Whether the order in which a step looks at the settings or the clock and takes effect can make a difference.</summary>
    public bool Moves => Threads.Any(static steps => steps.Any(static step => step is Step.Update or Step.Wait));

    /// <summary>Two or three threads, and not more steps in all than can be put in every order.</summary>
    public static Gen<ParallelHistory> Of(Gen<Step> step)
        => Gen.Select(
            AnySettings,
            Gen.Bool,
            Gen.Enum<Beginning>(),
            Gen.OneOf(
                Gen.Select(step.Array[1, 3], step.Array[1, 2], static (one, other) => (Step[][])[one, other]),
                Gen.Select(step.Array[1, 2], step.Array[1], step.Array[1], static (one, other, third) => (Step[][])[one, other, third])),
            static (settings, isListening, beginning, threads) => new ParallelHistory(settings, isListening, beginning, threads));

    public override string ToString()
        => $"""

            {Settings}{(IsListening ? ", somebody listens to every call" : "")}
            {Beginning}
            {string.Join(Environment.NewLine, Threads.Select(static (steps, number) => $"thread {number}: {string.Join("; ", steps.Select(static step => step.ToString()))}"))}

            """;

    /// <summary>Brings a circuit or a model to how it stands.</summary>
    public void Begin(Action<CircuitState> steer, Action<TimeSpan> wait, Action<int> enter)
    {
        enter(0);
        switch (Beginning)
        {
            case Beginning.Closed:
                enter(1);
                enter(2);
                break;

            case Beginning.Open:
                steer(CircuitState.Open);
                break;

            case Beginning.Due:
                steer(CircuitState.Open);
                wait(Settings.FirstReset);
                break;

            case Beginning.HalfOpen:
                steer(CircuitState.HalfOpen);
                break;

            default:
                steer(CircuitState.HalfOpen);
                enter(1);
                enter(2);
                wait(Beginning == Beginning.ProbeLost ? HistorySettings.ProbeTimeout : TimeSpan.Zero);
                break;
        }
    }

    internal sealed record Last(CallOutcome Outcome) : Step;
}

/// <summary>What a step answered to its thread.</summary>
internal enum Answer
{
    Nothing,
    Rejected,
    Unwatched,
    Call,
    Probe,
    Opened,
}

/// <summary>All that can be seen when the threads are through, and what becomes of the calls that come next.</summary>
internal sealed record AfterThreads(
    CircuitState State,
    CircuitMode Mode,
    int Failures,
    int Successes,
    long? RetryAfter,
    long Stale,
    int Rejected,
    int Finished,
    string Changes,
    string NextCalls)
{
    /// <summary>The changes in the order of their generations.</summary>
    public static string Path(IEnumerable<CircuitStateChangedEventArgs> changes)
        => string.Join(' ', changes.OrderBy(static change => change.Generation).Select(static change => $"{change.From}-{change.Reason}-{change.To}"));

    /// <summary>One call more than can probe.</summary>
    public static string ThenCall(Func<Answer> enter) => string.Join(' ', Enumerable.Range(0, ParallelHistory.MostProbes + 1).Select(_ => enter()));
}
