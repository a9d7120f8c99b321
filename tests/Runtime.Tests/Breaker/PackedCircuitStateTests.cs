namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>The packed word: four numbers that do not touch each other.</summary>
public sealed class PackedCircuitStateTests
{
    private const int MostFailures = (1 << 20) - 1;
    private const int MostSuccesses = (1 << 10) - 1;
    private const uint LastGeneration = (1U << 29) - 1;
    private const int GenerationShift = 35;

    public static TheoryData<CircuitState> EveryState => [.. Enum.GetValues<CircuitState>()];

    [Fact]
    public void ANewWordIsAClosedAndHealthyCircuit()
    {
        var word = default(PackedCircuitState);

        Assert.Equal((0U, CircuitState.Closed, 0, 0), Fields(word));
        Assert.True(word.LetsCallsPass);
        Assert.True(word.IsHealthy(generation: 0));
    }

    [Theory]
    [MemberData(nameof(EveryState))]
    public void FailuresTouchNothingElse(CircuitState state)
    {
        var word = Of(generation: LastGeneration - 1).Next(state, failures: MostFailures);
        Assert.Equal((LastGeneration, state, MostFailures, 0), Fields(word));

        Assert.Equal((LastGeneration, state, 0, 0), Fields(word.WithFailures(0)));
        Assert.Equal((LastGeneration, state, 1, 0), Fields(word.WithFailures(1)));
    }

    [Fact]
    public void SuccessesTouchNothingButTheFailuresThatTheyClear()
    {
        var word = Of(generation: LastGeneration - 1).Next(CircuitState.HalfOpen, failures: MostFailures).WithOneMoreSuccess();
        Assert.Equal((LastGeneration, CircuitState.HalfOpen, 0, 1), Fields(word));

        Assert.Equal((LastGeneration, CircuitState.HalfOpen, MostFailures, 1), Fields(word.WithFailures(MostFailures)));
    }

    [Fact]
    public void TooManyFailuresStayAtTheMostThatFits()
    {
        var word = default(PackedCircuitState).WithFailures(MostFailures + 1);

        Assert.Equal((0U, CircuitState.Closed, MostFailures, 0), Fields(word));
        Assert.Equal((1U, CircuitState.Open, MostFailures, 0), Fields(word.Next(CircuitState.Open, int.MaxValue)));
    }

    [Fact]
    public void TooManySuccessesStayAtTheMostThatFits()
    {
        var word = default(PackedCircuitState).Next(CircuitState.HalfOpen, failures: 0);

        for (var success = 0; success < MostSuccesses + 2; success++)
        {
            word = word.WithOneMoreSuccess();
        }

        Assert.Equal((1U, CircuitState.HalfOpen, 0, MostSuccesses), Fields(word));
    }

    [Theory]
    [MemberData(nameof(EveryState))]
    public void TheNextGenerationStartsWithoutSuccesses(CircuitState state)
    {
        var word = default(PackedCircuitState).Next(CircuitState.HalfOpen, failures: 0).WithOneMoreSuccess();

        Assert.Equal((2U, state, 7, 0), Fields(word.Next(state, failures: 7)));
    }

    [Fact]
    public void TheGenerationWrapsAndTouchesNothing()
        => Assert.Equal((0U, CircuitState.Open, 3, 0), Fields(Of(LastGeneration).Next(CircuitState.Open, failures: 3)));

    [Theory]
    [InlineData(0, 1, true)]
    [InlineData(1, 0, false)]
    [InlineData(5, 5, false)]
    [InlineData(LastGeneration, 0, true)]
    [InlineData(0, LastGeneration, false)]
    [InlineData(LastGeneration - 1, 3, true)]
    [InlineData(3, LastGeneration - 1, false)]
    [InlineData(0, LastGeneration / 2, true)]
    [InlineData(LastGeneration / 2, 0, false)]
    public void TheOrderOfGenerationsHoldsAcrossTheWrap(uint generation, uint other, bool older)
        => Assert.Equal(older, PackedCircuitState.IsOlder(generation, than: other));

    [Fact]
    public void OnlyAClosedWordLetsCallsPass()
    {
        var word = Of(LastGeneration - 1);

        Assert.True(word.Next(CircuitState.Closed, failures: MostFailures).LetsCallsPass);
        Assert.False(word.Next(CircuitState.Open, failures: 0).LetsCallsPass);
        Assert.False(word.Next(CircuitState.HalfOpen, failures: 0).LetsCallsPass);
    }

    [Theory]
    [MemberData(nameof(EveryState))]
    public void WatchedTouchesNothingElseAndIsClearedAgain(CircuitState state)
    {
        var word = Of(LastGeneration - 1).Next(state, failures: MostFailures).In(CircuitMode.ReportOnly);
        var watched = word.Watched(true);

        Assert.NotEqual(word, watched);
        Assert.Equal((Fields(word), CircuitMode.ReportOnly), (Fields(watched), watched.Mode));
        Assert.Equal(watched, watched.Watched(true));
        Assert.Equal(word, watched.Watched(false));
        Assert.Equal(word, word.Watched(false));
    }

    [Fact]
    public void AWatchedWordLetsNoCallPassUnseenAndStaysWatchedInTheNextState()
    {
        var word = Of(generation: 6).Watched(true);

        Assert.False(word.LetsCallsPass);
        Assert.False(word.IsHealthy(generation: 6));
        Assert.Equal(Of(generation: 7), word.Next(CircuitState.Closed, failures: 0).Watched(false));
        Assert.NotEqual(Of(generation: 7), word.Next(CircuitState.Closed, failures: 0));
    }

    [Fact]
    public void TheMarkOfAClosedWordIsNoSuccessIsClearedAgainAndEndsWithItsState()
    {
        var word = Of(generation: 6).WithFailures(3);
        var marked = word.Marked(true);

        Assert.Equal(Fields(word), Fields(marked));
        Assert.True(marked.LetsCallsPass);
        Assert.False(Of(generation: 6).Marked(true).IsHealthy(generation: 6));
        Assert.Equal(word, marked.Marked(false));
        Assert.Equal(word.Next(CircuitState.Open, failures: 3), marked.Next(CircuitState.Open, failures: 3));
    }

    [Fact]
    public void OnlyAClosedWordOfTheSameGenerationWithoutFailuresIsHealthy()
    {
        var word = Of(generation: 6).Next(CircuitState.Closed, failures: 0);

        Assert.True(word.IsHealthy(generation: 7));
        Assert.False(word.IsHealthy(generation: 6));
        Assert.False(word.WithFailures(1).IsHealthy(generation: 7));
        Assert.False(Of(generation: 6).Next(CircuitState.Open, failures: 0).IsHealthy(generation: 7));
        Assert.False(Of(generation: 6).Next(CircuitState.HalfOpen, failures: 0).IsHealthy(generation: 7));
    }

    private static PackedCircuitState Of(uint generation) => new((ulong)generation << GenerationShift);

    private static (uint Generation, CircuitState State, int Failures, int Successes) Fields(PackedCircuitState word)
        => (word.Generation, word.State, word.Failures, word.Successes);
}
