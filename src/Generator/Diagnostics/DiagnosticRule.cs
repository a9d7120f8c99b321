using System.Reflection;
using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Diagnostics;

/// <summary>Creates the descriptors of this package, each with the category and the page that they share.</summary>
internal static class DiagnosticRule
{
    /// <summary>The address of the repository, which the SDK writes into the assembly; null if there is none.</summary>
    private static readonly string? RepositoryUrl = typeof(DiagnosticRule).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(static data => data.Key == nameof(RepositoryUrl))?.Value;

    public static DiagnosticDescriptor Error(string id, string title, string message) => Create(id, title, message, DiagnosticSeverity.Error);

    /// <summary>For code that works as long as no call fails.</summary>
    public static DiagnosticDescriptor Warning(string id, string title, string message) => Create(id, title, message, DiagnosticSeverity.Warning);

    public static DiagnosticDescriptor Info(string id, string title, string message) => Create(id, title, message, DiagnosticSeverity.Info);

    /// <summary>
    /// Gets the page of a diagnostic; empty without a repository, because no link is better than a false one.
    /// </summary>
    internal static string GetPage(string id, string? repositoryUrl)
        => string.IsNullOrEmpty(repositoryUrl) ? "" : $"{repositoryUrl!.TrimEnd('/')}/blob/main/docs/diagnostics/{id}.md";

    private static DiagnosticDescriptor Create(string id, string title, string message, DiagnosticSeverity severity) => new(
        id,
        title,
        message,
        category: "ThriftBreaker",
        severity,
        isEnabledByDefault: true,
        helpLinkUri: GetPage(id, RepositoryUrl));
}
