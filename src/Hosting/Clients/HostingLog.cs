using Microsoft.Extensions.Logging;

namespace ThriftBreaker.Hosting.Clients;

/// <summary>What hosting logs, in the category <c>ThriftBreaker.Hosting.IThriftClientRegistry</c>.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(101, LogLevel.Error, "The changed configuration of the client '{Client}' is not in force; its circuits go on as they were. Correct the setting and save the configuration again.")]
    public static partial void NotReloaded(ILogger logger, string client, Exception error);

    [LoggerMessage(102, LogLevel.Warning, "The connections of the client '{Client}' keep what they were made with until the app starts again, although the configuration has changed: {Keys}.")]
    public static partial void WaitsForTheNextStart(ILogger logger, string client, string keys);
}
