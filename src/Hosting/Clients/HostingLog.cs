using Microsoft.Extensions.Logging;

namespace ThriftBreaker.Hosting.Clients;

/// <summary>
/// Defines the log messages of hosting, in the category <c>ThriftBreaker.Hosting.IThriftClientRegistry</c>.
/// </summary>
internal static partial class HostingLog
{
    public static ILogger CreateHostingLogger(this ILoggerFactory loggers) => loggers.CreateLogger(typeof(IThriftClientRegistry).FullName!);

    [LoggerMessage(101, LogLevel.Error, "The changed configuration of the client '{Client}' is not in force; its circuit breakers keep their settings. Correct the setting and save the configuration again.")]
    public static partial void ChangeRejected(ILogger logger, string client, Exception error);

    [LoggerMessage(102, LogLevel.Warning, "The connections of the client '{Client}' keep what they were made with until the app starts again, although the configuration has changed: {Keys}.")]
    public static partial void ChangeRequiresRestart(ILogger logger, string client, string keys);
}
