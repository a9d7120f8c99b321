using CsCheck;
using ThriftBreaker.Tests;
using static ThriftBreaker.Runtime.Tests.Breaker.Histories.ParallelHistory;

namespace ThriftBreaker.Runtime.Tests.Breaker.Histories;

/// <summary>
/// Steps that run on threads at once answer and end as if they had run one after the other, in some order: linearizable, against the
/// model, but for what <see cref="ThreadsOnModel"/> says of a change of state that is half made.
/// </summary>
/// <remarks>
/// <para>
/// Left out are ratios, which count the calls of threads whose verdicts have not taken effect yet, and histories in which both the clock
/// and the settings change: a step looks at them one after the other.
/// </para>
/// <para>
/// The verdicts of one probe wait for one another here: a second one is found out before the first has taken effect, which shows when
/// the state ends in between. <see cref="ConcurrencyTests.OfTwoVerdictsOfAProbeOneCounts"/> races them.
/// </para>
/// </remarks>
public sealed class ParallelHistoryTests
{
    /// <summary>How many times each history is played, because threads meet differently each time.</summary>
    private const int Rounds = 20;

    [Fact]
    public void CallsAndHandsEndAsIfTheyHadFollowedOneAnother() => Check(Gen.OneOf(Enter, Enter, Finish, Verdict, Verdict, Hand, Turn));

    [Fact]
    public void CallsEndAsIfTheyHadFollowedOneAnother() => Check(Gen.OneOf(Enter, Enter, Finish, Verdict));

    [Fact]
    public void VerdictsAndHandsEndAsIfTheyHadFollowedOneAnother() => Check(Gen.OneOf(Verdict, Verdict, Hand, Turn));

    [Fact]
    public void CallsWhileSettingsChangeEndAsIfTheyHadFollowedOneAnother()
        => Check(Gen.OneOf(Enter, Enter, Finish, Verdict, Verdict, Update, Update, Hand));

    [Fact]
    public void HandsWhileSettingsChangeEndAsIfTheyHadFollowedOneAnother() => Check(Gen.OneOf(Enter, Verdict, Update, Hand, Turn));

    [Fact]
    public void CallsWhileTimePassesEndAsIfTheyHadFollowedOneAnother()
        => Check(Gen.OneOf(Enter, Enter, Finish, Verdict, Verdict, Wait, Wait, Hand));

    [Fact]
    public void HandsWhileTimePassesEndAsIfTheyHadFollowedOneAnother() => Check(Gen.OneOf(Enter, Verdict, Wait, Hand, Turn));

    private static void Check(Gen<Step> step) => Of(step).Sample(
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
                    var seen = circuit.Look();
                    Assert.True(ThreadsOnModel.Explains(history, circuit.Answers, seen), $"No order explains {seen} with {Text(circuit.Answers)}.");
                });
        },
        iter: TestRun.Times(quick: 150, @long: 2_000),
        threads: 1,
        print: static history => history.ToString());

    private static string Text(Answer[][] answers) => string.Join(" and ", answers.Select(static answers => string.Join(", ", answers)));
}
