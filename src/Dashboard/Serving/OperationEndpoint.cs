using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using ThriftBreaker.Dashboard.Circuits;

namespace ThriftBreaker.Dashboard.Serving;

/// <summary>Steers a circuit by hand.</summary>
internal static class OperationEndpoint
{
    private static readonly Dictionary<string, Action<CircuitBreaker>> Operations = new(StringComparer.Ordinal)
    {
        ["open"] = static circuit => circuit.Open(),
        ["close"] = static circuit => circuit.Close(),
        ["half-open"] = static circuit => circuit.HalfOpen(),
        ["isolate"] = static circuit => circuit.SetMode(CircuitMode.Isolated),
        ["shadow"] = static circuit => circuit.SetMode(CircuitMode.ReportOnly),
        ["resume"] = static circuit => circuit.SetMode(CircuitMode.Auto),
    };

    public static async Task ServeAsync(HttpContext context, Operators operators, CircuitWatch watch, ILogger log)
    {
        if (await operators.RefuseAsync(context).ConfigureAwait(false) is { } refusal)
        {
            await Problem.WriteAsync(
                context,
                refusal,
                refusal == StatusCodes.Status401Unauthorized ? "Sign in first: not everybody may steer circuits." : "You are not among those who may steer circuits.").ConfigureAwait(false);
            return;
        }

        await (CrossSite.Objection(context.Request) is { } objection
            ? Problem.WriteAsync(context, StatusCodes.Status403Forbidden, objection)
            : SteerAsync(context, watch, log)).ConfigureAwait(false);
    }

    private static Task SteerAsync(HttpContext context, CircuitWatch watch, ILogger log)
    {
        var (id, operation) = (Text(context, "id"), Text(context, "operation"));
        if (!Operations.TryGetValue(operation, out var steer))
        {
            return Problem.WriteAsync(context, StatusCodes.Status400BadRequest, $"There is no operation '{operation}'; there are {string.Join(", ", Operations.Keys)}.");
        }

        if (watch.Find(id) is not { } circuit)
        {
            return Problem.WriteAsync(context, StatusCodes.Status404NotFound, $"There is no circuit {id}; GET …/api lists them. Their ids change when the app restarts.");
        }

        steer(circuit);
        DashboardLog.Steered(log, Operators.NameOf(context.User), operation, circuit.Name);
        var view = watch.Look().CircuitBreakers.First(view => view.Id == id);
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(JsonSerializer.Serialize(view, DashboardJson.Default.CircuitView), context.RequestAborted);
    }

    private static string Text(HttpContext context, string value) => context.GetRouteValue(value) as string ?? "";
}
