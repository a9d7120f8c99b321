using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ThriftBreaker.Dashboard.Endpoints;

/// <summary>Limits the responses that are written at the same time, each of which takes memory. Thread-safe.</summary>
/// <param name="max">The most responses.</param>
/// <param name="retryAfter">The time after which a refused client is asked to try again.</param>
/// <param name="what">The name of the responses, for the refusal.</param>
internal sealed class ViewerLimit(int max, TimeSpan retryAfter, string what)
{
    private int _count;

    /// <summary>Gets whether the next response would be refused.</summary>
    public bool IsReached => Volatile.Read(ref _count) >= max;

    /// <summary>Runs the response, or refuses it with 503 if the limit is reached.</summary>
    public async Task RunAsync(HttpContext context, Func<Task> respondAsync)
    {
        try
        {
            await (Interlocked.Increment(ref _count) > max ? RefuseAsync(context) : respondAsync()).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }

    public Task RefuseAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = retryAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return ProblemResponse.WriteAsync(
            context,
            StatusCodes.Status503ServiceUnavailable,
            $"The page serves at most {max} {what} at the same time (MaxViewers of MapThriftBreakers). Try again in {retryAfter.TotalSeconds:0} s.");
    }
}
