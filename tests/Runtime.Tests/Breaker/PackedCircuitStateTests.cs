namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>The packed state: its fields do not affect each other.</summary>
public sealed class PackedCircuitStateTests
{
    private const int MostFailures = (1 << 20) - 1;
    private const int MostSuccesses = (1 << 20) - 1;
    private const ulong LastGeneration = (1UL << 38) - 1;

    public static TheoryData<CircuitState> EveryState => [.. Enum.GetValues<CircuitState>()];

    [Fact]
    public void Default_IsClosedAndHealthy()
    {
        var packed = default(PackedCircuitState);

        Assert.Equal((0UL, CircuitState.Closed, 0, 0), Fields(packed));
        Assert.True(packed.AdmitsCalls);
        Assert.True(packed.IsHealthy(generation: 0));
    }

    [Theory]
    [MemberData(nameof(EveryState))]
    public void WithFailures_ChangesNothingElse(CircuitState state)
    {
        var packed = Create(generation: LastGeneration - 1).Next(state, failures: MostFailures);
        Assert.Equal((LastGeneration, state, MostFailures, 0), Fields(packed));

        Assert.Equal((LastGeneration, state, 0, 0), Fields(packed.WithFailures(0)));
        Assert.Equal((LastGeneration, state, 1, 0), Fields(packed.WithFailures(1)));
    }

    [Fact]
    public void WithOneMoreSuccess_ResetsFailuresOnly()
    {
        var packed = Create(generation: LastGeneration - 1).Next(CircuitState.HalfOpen, failures: MostFailures).WithOneMoreSuccess();
        Assert.Equal((LastGeneration, CircuitState.HalfOpen, 0, 1), Fields(packed));

        Assert.Equal((LastGeneration, CircuitState.HalfOpen, 0, 1), Fields(packed.WithFailures(0)));
        Assert.Equal((LastGeneration, CircuitState.HalfOpen, MostFailures, 0), Fields(packed.WithFailures(MostFailures)));
    }

    [Fact]
    public void Failures_Saturate()
    {
        var packed = default(PackedCircuitState).WithFailures(MostFailures + 1);

        Assert.Equal((0UL, CircuitState.Closed, MostFailures, 0), Fields(packed));
        Assert.Equal((1UL, CircuitState.Open, MostFailures, 0), Fields(packed.Next(CircuitState.Open, int.MaxValue)));
    }

    [Fact]
    public void Successes_Saturate()
    {
        var packed = default(PackedCircuitState).Next(CircuitState.HalfOpen, failures: 0);

        for (var success = 0; success < MostSuccesses + 2; success++)
        {
            packed = packed.WithOneMoreSuccess();
        }

        Assert.Equal((1UL, CircuitState.HalfOpen, 0, MostSuccesses), Fields(packed));
    }

    [Theory]
    [MemberData(nameof(EveryState))]
    public void Next_ResetsSuccesses(CircuitState state)
    {
        var packed = default(PackedCircuitState).Next(CircuitState.HalfOpen, failures: 0).WithOneMoreSuccess();

        Assert.Equal((2UL, state, 7, 0), Fields(packed.Next(state, failures: 7)));
    }

    [Fact]
    public void Next_GenerationWraps()
        => Assert.Equal((0UL, CircuitState.Open, 3, 0), Fields(Create(LastGeneration).Next(CircuitState.Open, failures: 3)));

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
    public void IsOlder_AcrossTheWrap_IsCorrect(ulong generation, ulong other, bool older)
        => Assert.Equal(older, PackedCircuitState.IsOlder(generation, than: other));

    [Fact]
    public void LetsCallsPass_OnlyClosedAndAuto()
    {
        var packed = Create(LastGeneration - 1);

        Assert.True(packed.Next(CircuitState.Closed, failures: MostFailures).AdmitsCalls);
        Assert.False(packed.Next(CircuitState.Open, failures: 0).AdmitsCalls);
        Assert.False(packed.Next(CircuitState.HalfOpen, failures: 0).AdmitsCalls);
    }

    [Theory]
    [MemberData(nameof(EveryState))]
    public void WithWatched_ChangesNothingElse(CircuitState state)
    {
        var packed = Create(LastGeneration - 1).Next(state, failures: MostFailures).WithMode(CircuitMode.ReportOnly);
        var watched = packed.WithWatched(true);

        Assert.NotEqual(packed, watched);
        Assert.Equal((Fields(packed), CircuitMode.ReportOnly), (Fields(watched), watched.Mode));
        Assert.Equal(watched, watched.WithWatched(true));
        Assert.Equal(packed, watched.WithWatched(false));
        Assert.Equal(packed, packed.WithWatched(false));
    }

    [Fact]
    public void Watched_IsNotHealthy_AndIsKeptByNext()
    {
        var packed = Create(generation: 6).WithWatched(true);

        Assert.False(packed.AdmitsCalls);
        Assert.False(packed.IsHealthy(generation: 6));
        Assert.Equal(Create(generation: 7), packed.Next(CircuitState.Closed, failures: 0).WithWatched(false));
        Assert.NotEqual(Create(generation: 7), packed.Next(CircuitState.Closed, failures: 0));
    }

    [Fact]
    public void UncleanWindow_IsNotASuccess_AndEndsWithTheState()
    {
        var packed = Create(generation: 6).WithFailures(3);
        var unclean = packed.WithUncleanWindow(true);

        Assert.Equal(Fields(packed), Fields(unclean));
        Assert.True(unclean.AdmitsCalls);
        Assert.False(Create(generation: 6).WithUncleanWindow(true).IsHealthy(generation: 6));
        Assert.Equal(packed, unclean.WithUncleanWindow(false));
        Assert.Equal(packed.Next(CircuitState.Open, failures: 3), unclean.Next(CircuitState.Open, failures: 3));
    }

    [Fact]
    public void IsHealthy_OnlyClosedSameGenerationNoFailures()
    {
        var packed = Create(generation: 6).Next(CircuitState.Closed, failures: 0);

        Assert.True(packed.IsHealthy(generation: 7));
        Assert.False(packed.IsHealthy(generation: 6));
        Assert.False(packed.WithFailures(1).IsHealthy(generation: 7));
        Assert.False(Create(generation: 6).Next(CircuitState.Open, failures: 0).IsHealthy(generation: 7));
        Assert.False(Create(generation: 6).Next(CircuitState.HalfOpen, failures: 0).IsHealthy(generation: 7));
    }

    private static PackedCircuitState Create(ulong generation) => new(generation << PackedCircuitState.GenerationShift);

    private static (ulong Generation, CircuitState State, int Failures, int Successes) Fields(PackedCircuitState packed)
        => (packed.Generation, packed.State, packed.Failures, packed.Successes);
}
