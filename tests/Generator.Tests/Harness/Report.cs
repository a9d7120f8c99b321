using System.Globalization;
using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Tests.Harness;

/// <summary>A diagnostic as the user sees it: the id, the message, and the underlined text.</summary>
internal static class Report
{
    public static (string Id, string Message, string Text) From(Diagnostic diagnostic)
        => (diagnostic.Id, diagnostic.GetMessage(CultureInfo.InvariantCulture), Underlined(diagnostic.Location));

    private static string Underlined(Location location)
        => location.SourceTree is { } file ? file.GetText().ToString(location.SourceSpan) : "";
}
