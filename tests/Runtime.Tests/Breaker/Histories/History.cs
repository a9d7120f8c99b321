using CsCheck;

namespace ThriftBreaker.Runtime.Tests.Breaker.Histories;

/// <summary>
/// A history of one circuit breaker: its settings, whether CallCompleted has a handler, and its steps.
/// </summary>
internal sealed record History(HistorySettings Settings, bool HasHandler, Step[] Steps)
{
    public const string Name = "history";

    /// <summary>The timestamp of the beginning.</summary>
    public const long Start = TimeSpan.TicksPerHour;

    public static Gen<History> Any { get; } =
        Gen.Select(HistorySettings.Any, Gen.Bool, Step.Any.Array[1, 40], static (settings, hasHandler, steps) => new History(settings, hasHandler, steps));

    public override string ToString()
        => $"""

            {Settings}{(HasHandler ? ", CallCompleted has a handler" : "")}
            {string.Join(Environment.NewLine, Steps.Select(static (step, number) => $"{number,3}  {step}"))}

            """;
}

/// <summary>A moment at index, or a tick before or after index, steps may happen.</summary>
internal enum Boundary
{
    ProbeDue,
    LeaseExpiry,
}

/// <summary>One step of a history.</summary>
internal abstract record Step
{
    private static readonly Gen<CallOutcome> AnyOutcome = Gen.Frequency(
        (4, Gen.Const(CallOutcome.Failure)), (4, Gen.Const(CallOutcome.Success)), (1, Gen.Const(CallOutcome.Ignored)), (1, Gen.Const(CallOutcome.Cancelled)));

    private static readonly TimeSpan[] Pauses =
    [
        TestCircuit.Tick,
        TimeSpan.FromSeconds(1),
        HistorySettings.SlowCallDuration - TestCircuit.Tick,
        HistorySettings.SlowCallDuration,
        HistorySettings.ProbeTimeout,
        HistorySettings.ResetTimeout,
        TimeSpan.FromSeconds(16),
        TimeSpan.FromMinutes(3),
    ];

    private static readonly Gen<TimeSpan> AnyPause = Gen.Int[0, Pauses.Length - 1].Select(static index => Pauses[index]);

    private static readonly Gen<Step> Single = Gen.Frequency(
        (6, Gen.Const<Step>(new Enter())),
        (6, Gen.Select(Gen.Int[0, 9], AnyOutcome, static (back, outcome) => (Step)new Complete(back, outcome))),
        (8, Gen.Select(AnyOutcome, Gen.Frequency((3, Gen.Const(TimeSpan.Zero)), (1, AnyPause)), static (outcome, took) => (Step)new Call(outcome, took))),
        (2, Gen.Bool.Select(static throws => (Step)new Execute(throws))),
        (3, AnyPause.Select(static time => (Step)new Wait(time))),
        (4, Gen.Select(Gen.Enum<Boundary>(), Gen.Int[-1, 1], static (boundary, ticks) => (Step)new WaitFor(boundary, ticks))),
        (2, Gen.Enum<CircuitState>().Select(static state => (Step)new SetState(state))),
        (2, Gen.Frequency((2, Gen.Const(CircuitMode.Auto)), (2, Gen.Enum<CircuitMode>())).Select(static mode => (Step)new SetMode(mode))),
        (1, HistorySettings.Any.Select(static settings => (Step)new Update(settings))));

    public static Gen<Step> Any { get; } = Gen.Frequency(
        (30, Single),
        (1, Gen.Select(Single.Array[1, 4], Gen.Bool, static (steps, throws) => (Step)new During(steps, throws))));

    /// <summary>A call requests admission, and its ticket is kept.</summary>
    internal sealed record Enter : Step;

    /// <summary>A ticket, counted from the latest one, is completed; possibly for the second time.</summary>
    internal sealed record Complete(int Back, CallOutcome Outcome) : Step;

    /// <summary>A whole call.</summary>
    internal sealed record Call(CallOutcome Outcome, TimeSpan Took) : Step;

    /// <summary>A whole call through Execute, classified by the rules.</summary>
    internal sealed record Execute(bool Throws) : Step;

    /// <summary>A whole call through Execute, and the steps of another thread while it is in flight.</summary>
    internal sealed record During(Step[] Steps, bool Throws) : Step
    {
        public override string ToString()
            => $"During a call that {(Throws ? "throws" : "returns")} {{ {string.Join("; ", Steps.Select(static step => step.ToString()))} }}";
    }

    internal sealed record Wait(TimeSpan Time) : Step;

    /// <summary>Waits until a moment, or a tick before or after it.</summary>
    internal sealed record WaitFor(Boundary Boundary, int Ticks) : Step;

    internal sealed record SetState(CircuitState State) : Step;

    internal sealed record SetMode(CircuitMode Mode) : Step;

    internal sealed record Update(HistorySettings Settings) : Step;
}
