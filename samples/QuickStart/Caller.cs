using System.Diagnostics;
using System.Globalization;
using Circuit.Example;
using Spectre.Console;
using ThriftBreaker;

namespace QuickStart;

/// <summary>Specifies how a call ended.</summary>
internal enum Outcome
{
    Answered,
    Failed,
    Rejected,
}

/// <summary>Calls the service repeatedly, prints what happens, and records it for the report.</summary>
internal sealed class Caller
{
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private const int MaxLinesOfOneOutcome = 4;

    private readonly MyService.CircuitBreakerClient _client;
    private readonly List<(Outcome Outcome, TimeSpan Elapsed)> _calls = [];
    private readonly List<(TimeSpan At, CircuitStateChangedEventArgs Change)> _changes = [];
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _consecutive;

    public Caller(MyService.CircuitBreakerClient client)
    {
        _client = client;
        client.CircuitBreaker.StateChanged += (_, change) =>
        {
            _changes.Add((Now, change));
            Print("yellow", $"circuit: {Report.GetName(change.From)} → {Report.GetName(change.To)} ({Report.GetReason(change.Reason)})");
        };
    }

    public int Calls => _calls.Count;

    public int Answered => _calls.Count(static call => call.Outcome == Outcome.Answered);

    public IReadOnlyList<(TimeSpan At, CircuitStateChangedEventArgs Change)> Changes => _changes;

    private TimeSpan Now => Stopwatch.GetElapsedTime(_start);

    public IEnumerable<TimeSpan> GetTimes(Outcome outcome)
        => _calls.Where(call => call.Outcome == outcome).Select(static call => call.Elapsed);

    public async Task CallWhileAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        while (condition())
        {
            await CallAsync(cancellationToken);
            await Task.Delay(Pause, cancellationToken);
        }
    }

    private async Task CallAsync(CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            var response = await _client.doSomething(new Request { Data = "Hello, world!" }, cancellationToken);
            Record(Outcome.Answered, start, "green", $"the server answered: success = {response.Success}");
        }
        catch (CircuitOpenException rejection)
        {
            Record(Outcome.Rejected, start, "blue", $"rejected, nothing sent; next try in {rejection.RetryAfter?.TotalSeconds ?? 0:0.00} s");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Record(Outcome.Failed, start, "red", $"failed: {failure.Message}");
        }
    }

    private void Record(Outcome outcome, long start, string color, FormattableString text)
    {
        var elapsed = Stopwatch.GetElapsedTime(start);
        _consecutive = _calls.Count > 0 && _calls[^1].Outcome == outcome ? _consecutive + 1 : 1;
        _calls.Add((outcome, elapsed));

        if (_consecutive <= MaxLinesOfOneOutcome)
        {
            Print(color, $"call {_calls.Count}: {text.ToString(CultureInfo.InvariantCulture)} ({Report.FormatTime(elapsed)})");
        }
        else if (_consecutive == MaxLinesOfOneOutcome + 1)
        {
            Print(color, "… and so on");
        }
    }

    private void Print(string color, string text)
        => AnsiConsole.MarkupLine(string.Create(CultureInfo.InvariantCulture, $"[dim]{Now.TotalSeconds,6:0.00} s[/]  [{color}]{Markup.Escape(text)}[/]"));
}
