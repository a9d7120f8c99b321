using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Diagnostics;

/// <summary>Creates the descriptors of this package, each with the category and the page that they share.</summary>
internal static class DiagnosticRule
{
    public static DiagnosticDescriptor Error(string id, string title, string message) => Create(id, title, message, DiagnosticSeverity.Error);

    /// <summary>For code that works as long as no call fails.</summary>
    public static DiagnosticDescriptor Warning(string id, string title, string message) => Create(id, title, message, DiagnosticSeverity.Warning);

    public static DiagnosticDescriptor Info(string id, string title, string message) => Create(id, title, message, DiagnosticSeverity.Info);

    private static DiagnosticDescriptor Create(string id, string title, string message, DiagnosticSeverity severity) => new(
        id,
        title,
        message,
        category: "ThriftBreaker",
        severity,
        isEnabledByDefault: true,
        helpLinkUri: $"https://github.com/thriftbreaker/thriftbreaker/blob/main/docs/diagnostics/{id}.md");
}
