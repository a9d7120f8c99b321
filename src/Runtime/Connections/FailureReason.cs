namespace ThriftBreaker;

/// <summary>
/// Gets the reason of a failure for the message of another exception. The framework's messages often refer to an inner
/// exception, which has the cause: "The SSL connection could not be established, see inner exception."
/// </summary>
internal static class FailureReason
{
    /// <summary>
    /// Gets the message of the exception, and of its innermost exception where that adds something. Without a period.
    /// </summary>
    public static string Get(Exception error)
    {
        var outer = GetText(error);
        var innermost = GetText(error.GetBaseException());
        return outer.Contains(innermost, StringComparison.OrdinalIgnoreCase) ? outer : $"{outer}: {innermost}";
    }

    private static string GetText(Exception error)
        => error.Message.Length > 0 ? error.Message.TrimEnd('.') : error.GetType().Name;
}
