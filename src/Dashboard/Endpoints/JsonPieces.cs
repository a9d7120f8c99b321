using System.Globalization;
using System.Text;
using System.Text.Json;
using ThriftBreaker.Dashboard.Monitoring;

namespace ThriftBreaker.Dashboard.Endpoints;

/// <summary>
/// Composes JSON of pieces. The page has many viewers, and each circuit breaker and transition is serialized once for
/// all of them. No message exists as a whole.
/// </summary>
internal static class JsonPieces
{
    private static readonly ReadOnlyMemory<byte> Comma = ","u8.ToArray();

    /// <summary>Returns a message to the page.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> FromUpdate(ViewerUpdate update)
        => GetObject(
            $"{GetMembers(update)},\"isFull\":{GetText(update.IsFull)}",
            ("circuitBreakers", update.CircuitBreakers.Select(GetBytes)),
            ("removed", update.Removed.Select(GetBytes)),
            ("transitions", update.Transitions.Select(GetBytes)));

    /// <summary>Returns the response of <c>GET …/api</c>.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> FromState(ViewerUpdate full, bool operations)
        => GetObject(
            $"{GetMembers(full)},\"operations\":{GetText(operations)}",
            ("circuitBreakers", full.CircuitBreakers.Select(GetBytes)),
            ("transitions", full.Transitions.Select(GetBytes)));

    /// <summary>Returns the response of <c>GET …/api/transitions</c>.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> FromTransitions(
        long now, IEnumerable<Published<Transition>> transitions)
        => GetObject(
            string.Create(CultureInfo.InvariantCulture, $"\"now\":{now}"),
            ("transitions", transitions.Select(GetBytes)));

    private static string GetMembers(ViewerUpdate update)
        => string.Create(
            CultureInfo.InvariantCulture,
            $"\"now\":{update.Now},\"uptime\":{update.Uptime},\"before\":{update.Before},\"olderCount\":{update.OlderCount}");

    private static string GetText(bool value) => value ? "true" : "false";

    private static ReadOnlyMemory<byte> GetBytes(Published<CircuitBreakerView> view)
        => view.GetBytes(static value => JsonSerializer.SerializeToUtf8Bytes(value, DashboardJson.Default.CircuitBreakerView));

    private static ReadOnlyMemory<byte> GetBytes(Published<Transition> transition)
        => transition.GetBytes(static value => JsonSerializer.SerializeToUtf8Bytes(value, DashboardJson.Default.Transition));

    private static ReadOnlyMemory<byte> GetBytes(Published<string> id)
        => id.GetBytes(static text => JsonSerializer.SerializeToUtf8Bytes(text, DashboardJson.Default.String));

    /// <summary>Returns an object of these members, and of arrays of the pieces.</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> GetObject(
        string members, params (string Name, IEnumerable<ReadOnlyMemory<byte>> Elements)[] arrays)
    {
        yield return Encoding.UTF8.GetBytes($"{{{members}");
        foreach (var (name, elements) in arrays)
        {
            yield return Encoding.UTF8.GetBytes($",\"{name}\":[");
            var isFirst = true;
            foreach (var element in elements)
            {
                if (!isFirst)
                {
                    yield return Comma;
                }

                isFirst = false;
                yield return element;
            }

            yield return "]"u8.ToArray();
        }

        yield return "}"u8.ToArray();
    }
}
