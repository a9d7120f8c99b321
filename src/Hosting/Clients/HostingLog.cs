using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ThriftBreaker.Hosting.Clients;

/// <summary>
/// Defines the log messages of hosting, in the category <c>ThriftBreaker.Hosting.IThriftClientRegistry</c>.
/// </summary>
internal static partial class HostingLog
{
    public static ILogger CreateHostingLogger(this ILoggerFactory loggers) => loggers.CreateLogger(typeof(IThriftClientRegistry).FullName!);

    /// <summary>Logs why options are not in force. Only exceptions of the user's code are worth a stack.</summary>
    public static void LogRejection(this ILogger logger, string client, Exception error)
        => ChangeRejected(logger, LogText.Escape(client), LogText.Escape(error.Message), ClientOptionsErrors.GetThrown(error) ?? (error is OptionsValidationException ? null : error));

    [LoggerMessage(101, LogLevel.Error, "The changed configuration of the client '{Client}' is not in force, and its circuit breakers keep their settings: {Mistake}")]
    private static partial void ChangeRejected(ILogger logger, string client, string mistake, Exception? thrown);

    [LoggerMessage(102, LogLevel.Warning, "The connections of the client '{Client}' keep what they were made with until the app starts again, although the configuration has changed: {Keys}.")]
    public static partial void ChangeRequiresRestart(ILogger logger, string client, string keys);

    [LoggerMessage(103, LogLevel.Information, "The changed configuration of the client '{Client}' is in force: {Changes}.")]
    public static partial void ChangeApplied(ILogger logger, string client, string changes);

    [LoggerMessage(104, LogLevel.Error, "The changed configuration has a section that configures nothing: {Mistake}")]
    public static partial void SectionOfNoClient(ILogger logger, string mistake);
}
