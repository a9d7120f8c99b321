using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Diagnostics;

namespace ThriftBreaker.Analyzers;

/// <summary>The diagnostics about uses of clients. Messages say what is wrong and what to do.</summary>
internal static class UsageDescriptors
{
    public static readonly DiagnosticDescriptor Unguarded = DiagnosticRule.Warning(
        "TB0014",
        "A Thrift client is used without its circuit breaker",
        "'{0}' is not guarded, although its service has a guarded client: {1}");

    public static readonly DiagnosticDescriptor GuardedTwice = DiagnosticRule.Warning(
        "TB0015",
        "Call is protected by a circuit breaker twice",
        "'{0}' is guarded already, and {1} would count each of its failures again: use it directly, or pass the client that it wraps");

    public static readonly DiagnosticDescriptor Shared = DiagnosticRule.Warning(
        "TB0016",
        "A Thrift client is shared by concurrent calls",
        "The connection of '{0}' carries one call at a time, and {1}: {2}");
}
