using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ThriftBreaker.Dashboard.Endpoints;

/// <summary>
/// Represents what a viewer has seen. It is the id of each event, so a viewer that connects again gets only what it
/// lacks.
/// </summary>
/// <param name="ProcessId">The id of the process that sent the event.</param>
/// <param name="Snapshot">The number of the last snapshot.</param>
/// <param name="Transition">The number of the last transition.</param>
internal readonly record struct ViewerPosition(string ProcessId, long Snapshot, long Transition)
{
    /// <summary>Returns the position in a request; null if it has none or a malformed one.</summary>
    public static ViewerPosition? Find(HttpRequest request)
    {
        // EventSource sends the header when it connects again by itself; the page sets the parameter.
        var text = request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } id ? id : request.Query["after"].ToString();
        return text.Split('-') is [var process, var snapshot, var transition] && IsNumber(snapshot, out var snapshotNumber) && IsNumber(transition, out var transitionNumber)
            ? new ViewerPosition(process, snapshotNumber, transitionNumber)
            : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ProcessId}-{Snapshot}-{Transition}");

    private static bool IsNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
