using Microsoft.Extensions.Logging;

namespace ThriftBreaker.Dashboard.Serving;

/// <summary>What is logged of the page, in the category <c>ThriftBreaker.Dashboard</c>.</summary>
internal static partial class DashboardLog
{
    public const string Category = "ThriftBreaker.Dashboard";

    [LoggerMessage(201, LogLevel.Warning, "{User} has steered the circuit '{Circuit}' by hand: {Operation}.")]
    public static partial void Steered(ILogger logger, string user, string operation, string circuit);
}
