using CsCheck;
using ThriftBreaker.Tests;
using static ThriftBreaker.Runtime.Tests.Breaker.Histories.ParallelHistory;

namespace ThriftBreaker.Runtime.Tests.Breaker.Histories;

/// <summary>
/// Concurrent steps are linearizable: their results are those of the model with the steps in some order, except while a
/// transition is between its two writes, as <see cref="ThreadsOnModel"/> describes.
/// </summary>
/// <remarks>
/// <para>
/// Not covered are ratios, which count calls whose outcomes have not taken effect yet, and histories in which both the
/// clock and the settings change: a step reads them one after the other.
/// </para>
/// <para>
/// Outcomes of the same probe wait for one another here: a second one is detected before the first has taken effect,
/// which is visible if the state ends in between. <see cref="ConcurrencyTests.ConcurrentOutcomesOfOneProbe_OneCounts"/>
/// races them.
/// </para>
/// </remarks>
public sealed class ParallelHistoryTests
{
    /// <summary>How many times each history is played, because threads interleave differently each time.</summary>
    private const int Rounds = 20;

    [Fact]
    public void CallsAndManualControl_AreLinearizable() => Check(Gen.OneOf(Enter, Enter, CompleteOwn, Complete, Complete, SetState, SetMode));

    [Fact]
    public void Calls_AreLinearizable() => Check(Gen.OneOf(Enter, Enter, CompleteOwn, Complete));

    [Fact]
    public void OutcomesAndManualControl_AreLinearizable() => Check(Gen.OneOf(Complete, Complete, SetState, SetMode));

    [Fact]
    public void CallsAndUpdates_AreLinearizable()
        => Check(Gen.OneOf(Enter, Enter, CompleteOwn, Complete, Complete, Update, Update, SetState));

    [Fact]
    public void ManualControlAndUpdates_AreLinearizable() => Check(Gen.OneOf(Enter, Complete, Update, SetState, SetMode));

    [Fact]
    public void CallsWhileTimePasses_AreLinearizable()
        => Check(Gen.OneOf(Enter, Enter, CompleteOwn, Complete, Complete, Wait, Wait, SetState));

    [Fact]
    public void ManualControlWhileTimePasses_IsLinearizable() => Check(Gen.OneOf(Enter, Complete, Wait, SetState, SetMode));

    private static void Check(Gen<Step> step) => Create(step).Sample(
        static history =>
        {
            ThreadsOnCircuit circuit = null!;
            Race.Run(
                history.Threads.Length,
                Rounds,
                before: () => circuit = new ThreadsOnCircuit(history),
                run: thread => circuit.Run(thread),
                after: () =>
                {
                    var seen = circuit.GetResult();
                    Assert.True(ThreadsOnModel.Explains(history, circuit.Results, seen), $"No order explains {seen} with {Text(circuit.Results)}.");
                });
        },
        iter: TestRun.Times(quick: 150, @long: 2_000),
        threads: 1,
        print: static history => history.ToString());

    private static string Text(StepResult[][] results) => string.Join(" and ", results.Select(static results => string.Join(", ", results)));
}
