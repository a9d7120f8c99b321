using System.Globalization;
using System.Text;
using ThriftBreaker;

namespace Cluster;

/// <summary>
/// Draws a simulation as an SVG: the outcomes of all calls over time, and for each server its calls and the state of
/// its circuit breaker.
/// </summary>
internal static class Chart
{
    private const int Left = 130;
    private const int Width = 1_000;
    private const int StripHeight = 70;
    private const int StripDistance = 90;
    private const int Top = 60;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(200);

    public static string Draw(Simulation simulation)
    {
        var from = simulation.Healthy.From;
        var to = simulation.Comparison.From;
        Call[] calls = [.. simulation.Healthy.Calls, .. simulation.Transition.Calls, .. simulation.Steady.Calls];
        var highest = Math.Max(1, Slices(calls.Select(static call => call.At)).Max());
        var svg = new StringBuilder();
        Line($"""<svg xmlns="http://www.w3.org/2000/svg" width="{Left + Width + 30}" height="{Top + (StripDistance * (simulation.Servers.Count + 1)) + 30}" font-family="sans-serif" font-size="13">""");
        Line($"""<rect width="100%" height="100%" fill="white"/>""");
        Line($"""<text x="{Left}" y="24" font-size="16">Calls to five servers over one channel, in slices of {Slice.TotalSeconds:0.0} s</text>""");
        Key(Left, "#2e7d32", "answered");
        Key(Left + 110, "#c62828", "failed or rejected");
        Key(Left + 270, GetColor(CircuitState.Closed), "circuit closed");
        Key(Left + 400, GetColor(CircuitState.Open), "open");
        Key(Left + 480, GetColor(CircuitState.HalfOpen), "half-open");

        Title(row: 0, "all", "calls");
        Bars(row: 0, calls.Where(static call => call.Outcome == Outcome.Answered).Select(static call => call.At), highest, "#2e7d32");
        Bars(row: 0, calls.Where(static call => call.Outcome != Outcome.Answered).Select(static call => call.At), highest, "#c62828");
        for (var server = 0; server < simulation.Servers.Count; server++)
        {
            var history = simulation.Servers[server];
            Title(server + 1, $"server {server + 1}", history.Name);
            States(server + 1, history);
            Bars(server + 1, history.Calls, highest, "#1565c0");
        }

        foreach (var phase in new[] { simulation.Healthy, simulation.Transition, simulation.Steady })
        {
            Line($"""<line x1="{X(phase.From):0.0}" x2="{X(phase.From):0.0}" y1="{Top - 12}" y2="{Y(simulation.Servers.Count + 1)}" stroke="black" stroke-dasharray="3 3"/>""");
            Line($"""<text x="{X(phase.From) + 4:0.0}" y="{Top - 2}" font-size="11">{phase.Name}</text>""");
        }

        for (var second = 0; second <= (to - from).TotalSeconds; second += 2)
        {
            Line($"""<text x="{X(from.AddSeconds(second)):0.0}" y="{Y(simulation.Servers.Count + 1) + 4}" font-size="11" text-anchor="middle">{second} s</text>""");
        }

        Line($"</svg>");
        return svg.ToString();

        void Line(FormattableString text) => svg.AppendLine(text.ToString(CultureInfo.InvariantCulture));

        void Key(int x, string color, string text) => Line($"""<rect x="{x}" y="32" width="10" height="10" fill="{color}"/><text x="{x + 14}" y="41" font-size="11">{text}</text>""");

        void Title(int row, string name, string what)
            => Line($"""<text x="10" y="{Y(row) + 30}">{name}</text><text x="10" y="{Y(row) + 46}" fill="#555">{what}</text><line x1="{Left}" x2="{Left + Width}" y1="{Y(row) + StripHeight}" y2="{Y(row) + StripHeight}" stroke="#999"/>""");

        void Bars(int row, IEnumerable<DateTimeOffset> times, int highest, string color)
        {
            var slices = Slices(times);
            for (var slice = 0; slice < slices.Length; slice++)
            {
                // A minimum height keeps a single call visible.
                var height = slices[slice] == 0 ? 0 : Math.Max(1.5, (double)StripHeight * slices[slice] / highest);
                if (height > 0)
                {
                    Line($"""<rect x="{X(from + (slice * Slice)):0.0}" y="{Y(row) + StripHeight - height:0.0}" width="{(Width * (Slice / (to - from))) - 0.5:0.0}" height="{height:0.0}" fill="{color}"/>""");
                }
            }
        }

        void States(int row, ServerHistory history)
        {
            var state = CircuitState.Closed;
            var since = from;
            foreach (var (at, next) in history.Changes.Append((At: to, To: CircuitState.Closed)))
            {
                var until = at < from ? from : at > to ? to : at;
                Line($"""<rect x="{X(since):0.0}" y="{Y(row)}" width="{X(until) - X(since):0.0}" height="{StripHeight}" fill="{GetColor(state)}"/>""");
                (state, since) = (next, until);
            }
        }

        int[] Slices(IEnumerable<DateTimeOffset> times)
        {
            var slices = new int[(int)Math.Ceiling((to - from) / Slice)];
            foreach (var time in times.Where(time => time >= from && time < to))
            {
                slices[(int)((time - from) / Slice)]++;
            }

            return slices;
        }

        double X(DateTimeOffset time) => Left + (Width * ((time - from) / (to - from)));
    }

    private static int Y(int row) => Top + (row * StripDistance);

    private static string GetColor(CircuitState state) => state switch
    {
        CircuitState.Open => "#f6c7c3",
        CircuitState.HalfOpen => "#ffe9a8",
        _ => "#dcefdc",
    };
}
