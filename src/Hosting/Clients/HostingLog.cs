using Microsoft.Extensions.Logging;

namespace ThriftBreaker.Hosting.Clients;

/// <summary>What hosting logs, in the category <c>ThriftBreaker.Hosting.ThriftClients</c>.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(101, LogLevel.Error, "The changed configuration of the circuit '{Circuit}' is not in force; it goes on as it was. Correct the setting and save the configuration again.")]
    public static partial void NotReloaded(ILogger logger, string circuit, Exception error);
}
