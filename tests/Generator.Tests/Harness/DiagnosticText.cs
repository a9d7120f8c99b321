using System.Globalization;
using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Tests.Harness;

/// <summary>
/// Formats diagnostics of a generator like Verify.SourceGenerators: relaxed JSON without empty members.
/// </summary>
internal static class DiagnosticText
{
    public static string Format(IEnumerable<Diagnostic> diagnostics) => Block("", "{", "}", [Block("  ", "Diagnostics: [", "]", diagnostics.Select(Format))]);

    private static string Format(Diagnostic diagnostic) => Block("    ", "{", "}", Members(
        "      ",
        ("Location", diagnostic.Location == Location.None ? "" : Span(diagnostic.Location)),
        ("Message", diagnostic.GetMessage(CultureInfo.InvariantCulture)),
        ("Severity", diagnostic.Severity),
        ("WarningLevel", diagnostic.WarningLevel == 0 ? "" : diagnostic.WarningLevel)).Append(Format(diagnostic.Descriptor)));

    private static string Format(DiagnosticDescriptor descriptor) => Block("      ", "Descriptor: {", "}", Members(
        "        ",
        ("Id", descriptor.Id),
        ("Title", descriptor.Title),
        ("Description", descriptor.Description),
        ("HelpLink", descriptor.HelpLinkUri ?? ""),
        ("MessageFormat", descriptor.MessageFormat),
        ("Category", descriptor.Category),
        ("DefaultSeverity", descriptor.DefaultSeverity),
        ("IsEnabledByDefault", descriptor.IsEnabledByDefault ? "true" : "false")));

    private static IEnumerable<string> Members(string indent, params (string Name, object Value)[] members)
        => members
            .Select(static member => (member.Name, Text: Convert.ToString(member.Value, CultureInfo.InvariantCulture)))
            .Where(static member => !string.IsNullOrEmpty(member.Text))
            .Select(member => $"{indent}{member.Name}: {member.Text}");

    private static string Block(string indent, string open, string close, IEnumerable<string> members)
        => $"{indent}{open}\n{string.Join(",\n", members)}\n{indent}{close}";

    private static string Span(Location location)
    {
        var span = location.GetMappedLineSpan();
        return $"{span.Path.Replace('/', '\\')}: {span.Span}";
    }
}
