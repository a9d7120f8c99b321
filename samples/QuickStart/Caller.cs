using System.Diagnostics;
using System.Globalization;
using Circuit.Example;
using Spectre.Console;
using ThriftBreaker;

namespace QuickStart;

/// <summary>How one call ended.</summary>
internal enum Ending
{
    Answered,
    Failed,
    Rejected,
}

/// <summary>Calls the service again and again, tells what happens, and remembers it for the report.</summary>
internal sealed class Caller
{
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private const int LinesForOneEnding = 4;

    private readonly MyService.CircuitBreakerClient _client;
    private readonly List<(Ending Ending, TimeSpan Elapsed)> _calls = [];
    private readonly List<(TimeSpan At, CircuitStateChangedEventArgs Change)> _changes = [];
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _inARow;

    public Caller(MyService.CircuitBreakerClient client)
    {
        _client = client;
        client.CircuitBreaker.StateChanged += (_, change) =>
        {
            _changes.Add((Now, change));
            Tell("yellow", $"circuit: {Report.Name(change.From)} → {Report.Name(change.To)} ({Report.Reason(change.Reason)})");
        };
    }

    public int Calls => _calls.Count;

    public int Answered => _calls.Count(static call => call.Ending == Ending.Answered);

    public IReadOnlyList<(TimeSpan At, CircuitStateChangedEventArgs Change)> Changes => _changes;

    private TimeSpan Now => Stopwatch.GetElapsedTime(_start);

    public IEnumerable<TimeSpan> TimesOf(Ending ending)
        => _calls.Where(call => call.Ending == ending).Select(static call => call.Elapsed);

    public async Task CallWhileAsync(Func<bool> goOn, CancellationToken cancellationToken)
    {
        while (goOn())
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
            Note(Ending.Answered, start, "green", $"the server answered: success = {response.Success}");
        }
        catch (CircuitOpenException rejection)
        {
            Note(Ending.Rejected, start, "blue", $"rejected, nothing sent; next try in {rejection.RetryAfter?.TotalSeconds ?? 0:0.00} s");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Note(Ending.Failed, start, "red", $"failed: {failure.Message}");
        }
    }

    private void Note(Ending ending, long start, string colour, FormattableString what)
    {
        var elapsed = Stopwatch.GetElapsedTime(start);
        _inARow = _calls.Count > 0 && _calls[^1].Ending == ending ? _inARow + 1 : 1;
        _calls.Add((ending, elapsed));

        if (_inARow <= LinesForOneEnding)
        {
            Tell(colour, $"call {_calls.Count}: {what.ToString(CultureInfo.InvariantCulture)} ({Report.Time(elapsed)})");
        }
        else if (_inARow == LinesForOneEnding + 1)
        {
            Tell(colour, "… and so on");
        }
    }

    private void Tell(string colour, string text)
        => AnsiConsole.MarkupLine(string.Create(CultureInfo.InvariantCulture, $"[dim]{Now.TotalSeconds,6:0.00} s[/]  [{colour}]{Markup.Escape(text)}[/]"));
}
