using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ThriftBreaker.Dashboard.Endpoints;

/// <summary>
/// Refuses operations that arrive after their deadline. A browser sends a request late if it has no free connection: an
/// operator would then isolate a circuit breaker minutes after the decision.
/// </summary>
/// <remarks>
/// The deadline is in the app's own uptime, which the page gets with each message. The clocks of the browser and of the
/// app can differ, and a correction of either changes nothing.
/// </remarks>
internal static class OperationDeadline
{
    /// <summary>
    /// The header with the deadline in milliseconds of uptime; optional for clients that do not wait.
    /// </summary>
    public const string Header = "X-ThriftBreaker-Deadline";

    /// <summary>Returns why the request is refused; null if it is accepted.</summary>
    public static (int Status, string Reason)? GetRefusal(HttpRequest request, long uptime)
    {
        var text = request.Headers[Header].ToString();
        if (text.Length == 0)
        {
            return null;
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var deadline))
        {
            return (
                StatusCodes.Status400BadRequest,
                $"The header {Header} must be a number of milliseconds of the app's uptime, as in 'uptime' of GET …/api.");
        }

        if (uptime <= deadline)
        {
            return null;
        }

        var late = ((uptime - deadline) / 1000.0).ToString("0.0", CultureInfo.InvariantCulture);
        return (
            StatusCodes.Status412PreconditionFailed,
            $"The operation arrived {late} s after its deadline, and nothing was changed. " +
            "Look at the present state, and repeat the operation if it is still needed.");
    }
}
