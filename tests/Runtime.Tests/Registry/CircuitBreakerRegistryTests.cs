using Microsoft.Extensions.Time.Testing;
using ThriftBreaker.Runtime.Tests.Breaker.Histories;

namespace ThriftBreaker.Runtime.Tests.Registry;

/// <summary>Circuit breakers by name: each is created once, and never more than the maximum exist.</summary>
public sealed class CircuitBreakerRegistryTests
{
    private const int Room = 3;
    private static readonly TimeSpan IdleAfter = TimeSpan.FromMinutes(1);
    private static readonly CircuitBreakerOptions Patient = new() { FailMax = 9 };

    private readonly FakeTimeProvider _clock = new();
    private readonly CircuitBreakerRegistry _registry;

    public CircuitBreakerRegistryTests()
        => _registry = new CircuitBreakerRegistry(new() { MaxCircuitBreakers = Room, IdleAfter = IdleAfter, Defaults = Patient, TimeProvider = _clock });

    [Fact]
    public void GetOrAdd_SameName_SameCircuitBreaker()
    {
        var circuit = _registry.GetOrAdd("a");

        Assert.Same(circuit, _registry.GetOrAdd("a", new CircuitBreakerOptions { FailMax = 2 }));
        Assert.Same(circuit, _registry.GetOrAdd("a", static _ => throw new InvalidOperationException("It is there already.")));
        Assert.Equal(("a", Patient.FailMax), (circuit.Name, circuit.Options.FailMax));
    }

    [Fact]
    public void GetOrAdd_UsesTheOptionsAndTheName()
    {
        var options = new CircuitBreakerOptions { Name = "another", FailMax = 2 };

        Assert.Equal(("a", 2), (_registry.GetOrAdd("a", options).Name, _registry.GetOrAdd("a").Options.FailMax));
        Assert.Equal("b", _registry.GetOrAdd("b", name => options with { Name = name + name }).Name);
    }

    [Fact]
    public void Names_AreCaseSensitive() => Assert.NotSame(_registry.GetOrAdd("a"), _registry.GetOrAdd("A"));

    [Fact]
    public void TryGet_FindsOnlyExistingNames()
    {
        Assert.False(_registry.TryGet("a", out var none));
        Assert.Null(none);

        var circuit = _registry.GetOrAdd("a");

        Assert.True(_registry.TryGet("a", out var found));
        Assert.Same(circuit, found);
    }

    [Fact]
    public void CircuitBreakers_ListsAll()
    {
        _registry.GetOrAdd("a");
        _registry.GetOrAdd("b");

        Assert.Equal(["a", "b"], _registry.CircuitBreakers.Select(static circuit => circuit.Name).Order(StringComparer.Ordinal));
        Assert.Equal(2, _registry.Count);
    }

    [Fact]
    public void Remove_MakesRoom_NameGetsANewCircuitBreaker()
    {
        var circuit = _registry.GetOrAdd("a");

        Assert.True(_registry.Remove("a"));
        Assert.False(_registry.Remove("a"));

        Assert.Equal(0, _registry.Count);
        Assert.NotSame(circuit, _registry.GetOrAdd("a"));
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(long.MinValue + 1)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    public async Task GetOrAdd_AnyTimestamp_Ends(long timestamp)
    {
        var registry = new CircuitBreakerRegistry(new() { TimeProvider = new ManualClock { Timestamp = timestamp } });

        var added = await Task.Run(() => registry.GetOrAdd("a"), TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.Same(added, registry.GetOrAdd("a"));
        Assert.True(registry.TryGet("a", out _));
    }

    [Fact]
    public void TimestampsFarApart_EntryIsIdle_AndRequestsKeepIt()
    {
        var clock = new ManualClock { Timestamp = long.MinValue };
        var registry = new CircuitBreakerRegistry(new() { MaxCircuitBreakers = 1, IdleAfter = IdleAfter, TimeProvider = clock });
        registry.GetOrAdd("a");

        clock.Timestamp = long.MaxValue - 1;
        registry.GetOrAdd("b");
        Assert.False(registry.TryGet("a", out _));

        clock.Timestamp = long.MaxValue;
        Assert.Throws<InvalidOperationException>(() => registry.GetOrAdd("a"));
    }

    [Fact]
    public void Full_DropsClosedAndIdle()
    {
        Fill();
        _clock.Advance(IdleAfter);
        _registry.GetOrAdd("1");

        _registry.GetOrAdd("new");

        Assert.Equal(["1", "new"], _registry.CircuitBreakers.Select(static circuit => circuit.Name).Order(StringComparer.Ordinal));
        Assert.Equal(2, _registry.Count);
    }

    [Fact]
    public void NotFull_DropsNothing()
    {
        _registry.GetOrAdd("a");
        _clock.Advance(IdleAfter * 10);

        _registry.GetOrAdd("b");

        Assert.Equal(2, _registry.Count);
    }

    [Fact]
    public void Full_RequestedRecently_IsKept()
    {
        Fill();
        _clock.Advance(IdleAfter);
        Assert.All(_registry.CircuitBreakers, circuit => Assert.True(_registry.TryGet(circuit.Name, out _)));

        Assert.Throws<InvalidOperationException>(() => _registry.GetOrAdd("new"));
    }

    [Theory]
    [InlineData(CircuitMode.Isolated)]
    [InlineData(CircuitMode.Disabled)]
    [InlineData(CircuitMode.ReportOnly)]
    public void Full_ModeChangedManually_IsKept(CircuitMode mode)
    {
        Fill();
        foreach (var circuit in _registry.CircuitBreakers)
        {
            circuit.SetMode(mode);
        }

        _clock.Advance(IdleAfter * 10);

        Assert.Throws<InvalidOperationException>(() => _registry.GetOrAdd("new"));
        Assert.Equal(Room, _registry.Count);
    }

    [Theory]
    [InlineData(CircuitMode.Isolated)]
    [InlineData(CircuitMode.Disabled)]
    [InlineData(CircuitMode.ReportOnly)]
    public void Full_CreatedInAnotherMode_IsDropped(CircuitMode mode)
    {
        var registry = new CircuitBreakerRegistry(new()
        {
            MaxCircuitBreakers = 1,
            IdleAfter = IdleAfter,
            Defaults = Patient with { Mode = mode },
            TimeProvider = _clock,
        });
        registry.GetOrAdd("old");
        _clock.Advance(IdleAfter);

        Assert.Equal(mode, registry.GetOrAdd("new").Mode);
    }

    [Fact]
    public void Full_OpenAndNotDue_IsKept()
    {
        var registry = OfOne(Patient with { ResetTimeout = IdleAfter + TestCircuit.Tick, TimeProvider = _clock });
        registry.GetOrAdd("down").Open();
        _clock.Advance(IdleAfter);

        Assert.Throws<InvalidOperationException>(() => registry.GetOrAdd("new"));
    }

    /// <summary>A service that no longer exists gets no calls, and its circuit would never close.</summary>
    [Theory]
    [InlineData(CircuitState.Open)]
    [InlineData(CircuitState.HalfOpen)]
    public void Full_NextCallWouldProbe_IsDropped(CircuitState state)
    {
        var registry = OfOne(Patient with { ResetTimeout = IdleAfter, TimeProvider = _clock });
        registry.GetOrAdd("gone").SetState(state);
        _clock.Advance(IdleAfter);

        Assert.Equal(CircuitState.Closed, registry.GetOrAdd("new").State);
        Assert.False(registry.TryGet("gone", out _));
    }

    [Fact]
    public void Full_ProbeInFlight_IsKept()
    {
        var registry = OfOne(Patient with { ProbeTimeout = IdleAfter + TestCircuit.Tick, TimeProvider = _clock });
        var probing = registry.GetOrAdd("probing");
        probing.HalfOpen();
        Assert.True(probing.TryEnter(out _));
        _clock.Advance(IdleAfter);

        Assert.Throws<InvalidOperationException>(() => registry.GetOrAdd("new"));
    }

    [Fact]
    public void Full_OpensAgainDuringTheCheck_IsKept()
    {
        var clock = new ManualClock();
        var registry = OfOne(Patient with { ResetTimeout = IdleAfter, TimeProvider = clock });
        var held = registry.GetOrAdd("held");
        held.Open();
        clock.Timestamp += IdleAfter.Ticks;
        _clock.Advance(IdleAfter);
        clock.OnRead = () =>
        {
            clock.OnRead = null;
            held.Open();
        };

        Assert.Throws<InvalidOperationException>(() => registry.GetOrAdd("new"));
        Assert.Same(held, registry.GetOrAdd("held"));
    }

    [Theory]
    [InlineData(CircuitMode.Auto)]
    [InlineData(CircuitMode.Isolated)]
    public void Full_UpdateAfterModeChange_IsKept(CircuitMode mode)
    {
        var registry = OfOne(Patient);
        var circuit = registry.GetOrAdd("isolated");
        circuit.SetMode(CircuitMode.Isolated);
        circuit.Update(circuit.Options with { Mode = mode });
        _clock.Advance(IdleAfter);

        Assert.Throws<InvalidOperationException>(() => registry.GetOrAdd("new"));
    }

    [Fact]
    public void Full_ClosedAreDroppedFirst()
    {
        var registry = new CircuitBreakerRegistry(new() { MaxCircuitBreakers = 2, IdleAfter = IdleAfter, Defaults = Patient with { TimeProvider = _clock }, TimeProvider = _clock });
        var gone = registry.GetOrAdd("gone");
        gone.HalfOpen();
        registry.GetOrAdd("well");
        _clock.Advance(IdleAfter);

        registry.GetOrAdd("new");

        Assert.Equal(["gone", "new"], registry.CircuitBreakers.Select(static circuit => circuit.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    public void Requests_AreRecordedToASixteenthOfTheIdleTime(int ticks, bool goes)
    {
        var registry = OfOne(Patient);
        registry.GetOrAdd("old");
        var until = (IdleAfter / 16) + new TimeSpan(ticks);
        _clock.Advance(until);
        registry.GetOrAdd("old");
        _clock.Advance(IdleAfter - until);

        Assert.Equal(goes, Record.Exception(() => registry.GetOrAdd("new")) is null);
    }

    [Fact]
    public void Full_OpensDuringTheCheck_IsKept()
    {
        CircuitBreaker? held = null;
        var clock = new ManualClock();
        var registry = new CircuitBreakerRegistry(new() { MaxCircuitBreakers = 1, IdleAfter = IdleAfter, TimeProvider = clock });
        held = registry.GetOrAdd("held");
        clock.Timestamp += IdleAfter.Ticks;
        clock.OnRead = held.Open;

        Assert.Throws<InvalidOperationException>(() => registry.GetOrAdd("new"));
        Assert.Same(held, registry.GetOrAdd("held"));
    }

    [Fact]
    public void Full_NothingToDrop_Throws()
    {
        Fill();
        _clock.Advance(IdleAfter - TimeSpan.FromTicks(1));

        var error = Assert.Throws<InvalidOperationException>(() => _registry.GetOrAdd("new"));

        Assert.Equal(
            "No room for the circuit breaker 'new': the registry holds its maximum of 3, and none that may be dropped has been idle for 60 s. Raise MaxCircuitBreakers, or check that names come from a bounded set.",
            error.Message);
    }

    [Fact]
    public void FactoryThrows_NothingIsAdded()
    {
        Assert.Throws<NotSupportedException>(() => _registry.GetOrAdd("a", static _ => throw new NotSupportedException()));

        Assert.Equal(0, _registry.Count);
        Assert.Equal("a", _registry.GetOrAdd("a").Name);
    }

    [Fact]
    public void FactoryReturnsNullOrRecurses_Throws()
    {
        Assert.Contains("returned no options", Assert.Throws<InvalidOperationException>(() => _registry.GetOrAdd("a", static _ => null!)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => _registry.GetOrAdd("a", name => _registry.GetOrAdd(name, static _ => Patient).Options));
        Assert.Equal(0, _registry.Count);
    }

    [Fact]
    public void ContradictorySettings_Throw()
        => Assert.Throws<ArgumentException>(() => _registry.GetOrAdd("a", new CircuitBreakerOptions { FailureRatio = 0.5 }));

    [Fact]
    public void GetOrAdd_Existing_AllocatesNothing()
    {
        _registry.GetOrAdd("a");

        Allocations.None(() =>
        {
            _registry.GetOrAdd("a");
            _registry.GetOrAdd("a", Patient);
            _registry.GetOrAdd("a", static _ => Patient);
            _registry.TryGet("a", out _);
        });
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public void Name_EmptyOrBlank_Throws(string? name)
    {
        Assert.ThrowsAny<ArgumentException>(() => _registry.GetOrAdd(name!));
        Assert.ThrowsAny<ArgumentException>(() => _registry.GetOrAdd(name!, Patient));
        Assert.ThrowsAny<ArgumentException>(() => _registry.GetOrAdd(name!, static _ => Patient));
    }

    [Fact]
    public void NullArguments_Throw()
    {
        Assert.Throws<ArgumentNullException>("options", static () => new CircuitBreakerRegistry(null!));
        Assert.Throws<ArgumentNullException>("options", () => _registry.GetOrAdd("a", (CircuitBreakerOptions)null!));
        Assert.Throws<ArgumentNullException>("factory", () => _registry.GetOrAdd("a", (Func<string, CircuitBreakerOptions>)null!));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000_001)]
    public void MaxCircuits_OutOfRange_Throws(int room)
        => Assert.Throws<ArgumentOutOfRangeException>("MaxCircuitBreakers", () => new CircuitBreakerRegistryOptions { MaxCircuitBreakers = room });

    [Fact]
    public void OtherOptions_OutOfRange_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>("IdleAfter", static () => new CircuitBreakerRegistryOptions { IdleAfter = TimeSpan.Zero });
        Assert.Throws<ArgumentNullException>("Defaults", static () => new CircuitBreakerRegistryOptions { Defaults = null! });
        Assert.Throws<ArgumentNullException>("TimeProvider", static () => new CircuitBreakerRegistryOptions { TimeProvider = null! });
    }

    [Fact]
    public void Defaults_AreThoseOfTheDocumentation()
    {
        var options = new CircuitBreakerRegistry().Options;

        Assert.Equal((1_000, TimeSpan.FromMinutes(10), TimeProvider.System), (options.MaxCircuitBreakers, options.IdleAfter, options.TimeProvider));
    }

    private CircuitBreakerRegistry OfOne(CircuitBreakerOptions circuit)
        => new(new() { MaxCircuitBreakers = 1, IdleAfter = IdleAfter, Defaults = circuit, TimeProvider = _clock });

    private void Fill()
    {
        for (var name = 0; name < Room; name++)
        {
            _registry.GetOrAdd($"{name}");
        }
    }
}
