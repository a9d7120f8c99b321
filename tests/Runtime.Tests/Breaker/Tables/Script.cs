using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace ThriftBreaker.Runtime.Tests.Breaker.Tables;

/// <summary>
/// Plays a script of words on one circuit breaker, so that a rule and its example fit into one row of a table. Each
/// word asserts its result: a call that should be rejected but is made fails the test.
/// </summary>
/// <remarks>
/// <list type="table">
/// <item><term>S, F</term><description>a call that succeeds or fails; the caller gets the function's result or error</description></item>
/// <item><term>T</term><description>a call that fails; the caller gets a CircuitOpenException with its error inside</description></item>
/// <item><term>R</term><description>a call that is rejected: its function does not run</description></item>
/// <item><term>I, C</term><description>a call that is ignored or cancelled</description></item>
/// <item><term>S~, F~</term><description>one that succeeds or fails after SlowCallDuration</description></item>
/// <item><term>throw:IO</term><description>a call that throws this exception, which the caller gets</description></item>
/// <item><term>enter, probe</term><description>a call is admitted, as an ordinary one or as a probe, and stays in flight</description></item>
/// <item><term>end:F</term><description>the call that has been in flight for longest ends like this</description></item>
/// <item><term>begin, finish:S</term><description>the same by ExecuteAsync, for one call at a time</description></item>
/// <item><term>3x500F</term><description>three threads make 500 failing calls each</description></item>
/// <item><term>Open, Isolated, …</term><description>the transition or mode of this name</description></item>
/// <item><term>2s, tick, reset, lease</term><description>time passes: seconds, the clock's smallest step, ResetTimeout, ProbeTimeout; with a minus, one tick less</description></item>
/// <item><term>FailMax:=10</term><description>this setting changes</description></item>
/// <item><term>handler:a, handler:!</term><description>adds a handler with this name to StateChanged; one that throws</description></item>
/// <item><term>[Open 3]</term><description>checks the state, the failures, and the successes unless they are zero</description></item>
/// <item><term>[called a b]</term><description>checks which handlers were called so far</description></item>
/// <item><term>[FailMax=5 …]</term><description>checks settings</description></item>
/// </list>
/// </remarks>
internal sealed partial class Script
{
    private readonly TestCircuit _circuit;
    private readonly List<string> _called = [];

    public Script(CircuitBreakerOptions options)
        : this(TestCircuit.Create(options))
    {
    }

    public Script(TestCircuit circuit) => _circuit = circuit;

    public CircuitBreaker CircuitBreaker => _circuit.CircuitBreaker;

    public List<CircuitStateChangedEventArgs> Changes => _circuit.Changes;

    /// <summary>The generation of the state.</summary>
    public long Generation => (long)new PackedCircuitState(GetBits(CircuitBreaker)).Generation;

    /// <summary>The states of the circuit, in their order.</summary>
    public string Path
    {
        get
        {
            Assert.All(Changes.Zip(Changes.Skip(1)), static pair => Assert.Equal(pair.First.To, pair.Second.From));
            return string.Join(" → ", Changes.Select(static change => change.To).Prepend(CircuitState.Closed));
        }
    }

    /// <summary>Plays a script.</summary>
    /// <param name="words">The words.</param>
    /// <param name="before">Runs before each word.</param>
    public async Task PlayAsync(string words, Action? before = null)
    {
        foreach (var word in Words.Matches(words).Select(static match => match.Value))
        {
            before?.Invoke();
            if (!TryCheck(word) && !TryControl(word) && !TryWait(word) && !TryCall(word) && !await TryBeginOrFinishAsync(word))
            {
                Assert.Fail($"Unknown word: {word}");
            }
        }
    }

    private bool TryCheck(string word)
    {
        if (!word.StartsWith('['))
        {
            return false;
        }

        var options = CircuitBreaker.Options;
        Assert.Equal(
            word,
            word.StartsWith("[called", StringComparison.Ordinal) ? $"[{string.Join(' ', _called.Prepend("called"))}]"
            : word.Contains('=', StringComparison.Ordinal) ? $"[FailMax={options.FailMax} ResetTimeout={options.ResetTimeout.TotalSeconds}s SuccessThreshold={options.SuccessThreshold}]"
            : $"[{CircuitBreaker.State} {CircuitBreaker.FailureCount}{(CircuitBreaker.SuccessCount == 0 ? "" : $" {CircuitBreaker.SuccessCount}")}]");
        return true;
    }

    private bool TryControl(string word)
    {
        switch (word)
        {
            case "Open":
                CircuitBreaker.Open();
                return true;

            case "Close":
                CircuitBreaker.Close();
                return true;

            case "HalfOpen":
                CircuitBreaker.HalfOpen();
                return true;

            case "Isolated":
                CircuitBreaker.SetMode(CircuitMode.Isolated);
                return true;

            case "Disabled":
                CircuitBreaker.SetMode(CircuitMode.Disabled);
                return true;

            case "ReportOnly":
                CircuitBreaker.SetMode(CircuitMode.ReportOnly);
                return true;

            case "Auto":
                CircuitBreaker.SetMode(CircuitMode.Auto);
                return true;

            case "handler:!":
                CircuitBreaker.StateChanged += static (_, _) => throw new InvalidOperationException("a broken handler");
                return true;
        }

        switch (word.Split(":=", 2))
        {
            case ["FailMax", var number]:
                CircuitBreaker.Update(CircuitBreaker.Options with { FailMax = int.Parse(number, CultureInfo.InvariantCulture) });
                return true;

            case ["ResetTimeout", var time]:
                CircuitBreaker.Update(CircuitBreaker.Options with { ResetTimeout = Seconds(time) });
                return true;
        }

        if (word.Split("handler:", 2) is ["", var name])
        {
            CircuitBreaker.StateChanged += (_, _) => _called.Add(name);
            return true;
        }

        return false;
    }

    private bool TryWait(string word)
    {
        TimeSpan? time = word.TrimEnd('-') switch
        {
            "tick" => TestCircuit.Tick,
            "reset" => CircuitBreaker.Options.ResetTimeout,
            "lease" => CircuitBreaker.Options.ProbeTimeout,
            _ when char.IsDigit(word[0]) && word.EndsWith('s') => Seconds(word),
            _ => null,
        };
        if (time is not { } passes)
        {
            return false;
        }

        _circuit.Clock.Advance(word.EndsWith('-') ? passes - TestCircuit.Tick : passes);
        return true;
    }

    private static TimeSpan Seconds(string word) => TimeSpan.FromSeconds(double.Parse(word.TrimEnd('s'), CultureInfo.InvariantCulture));

    [GeneratedRegex(@"\[[^\]]*\]|\S+")]
    private static partial Regex Words { get; }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_packed")]
    private static extern ref ulong GetBits(CircuitBreaker breaker);
}
