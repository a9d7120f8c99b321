using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Parsing;

namespace ThriftBreaker.Generator.Diagnostics;

/// <summary>Every diagnostic, with the page that explains it. Messages say what is wrong and what to do.</summary>
internal static class DiagnosticDescriptors
{
    public static readonly DiagnosticDescriptor SettingOutOfRange = Error(
        "TB0001",
        "A setting of [CircuitBreaker] is out of range",
        "{0} is {1}, but must be {2}");

    public static readonly DiagnosticDescriptor NoServiceInterface = Error(
        "TB0002",
        "A type marked with [CircuitBreaker] holds no service",
        "'{0}' is marked with [CircuitBreaker], but {1}");

    public static readonly DiagnosticDescriptor NotPartial = Error(
        "TB0003",
        "A class marked with [CircuitBreaker] is not partial",
        "'{0}' must be partial, so that the guarded client of '{1}' can be written into it; add the modifier 'partial'");

    public static readonly DiagnosticDescriptor OutOfReach = Error(
        "TB0004",
        "A guarded client cannot be written for this type",
        "No guarded client can be written for '{0}': {1}");

    public static readonly DiagnosticDescriptor MemberNotGuarded = Error(
        "TB0005",
        "A member of a marked service cannot be guarded",
        "'{0}' cannot be guarded: {1}");

    public static readonly DiagnosticDescriptor Contradiction = Error(
        "TB0006",
        "Settings of a mark contradict each other",
        "{0}");

    public static readonly DiagnosticDescriptor MethodMarkNotApplied = Error(
        "TB0007",
        "A [CircuitBreakerMethod] cannot be applied",
        "This [CircuitBreakerMethod] cannot be applied: {0}");

    public static readonly DiagnosticDescriptor NoException = Error(
        "TB0008",
        "A list of exceptions in a mark holds something else",
        "{0} holds {1}, {2}");

    public static readonly DiagnosticDescriptor Forwarded = Rule(
        "TB0009",
        "A member of a marked service is forwarded without a guard",
        "'{0}' is forwarded without a guard: {1}",
        DiagnosticSeverity.Info);

    public static readonly DiagnosticDescriptor NoServiceNamed = Error(
        "TB0012",
        "A [CircuitBreaker] names no service",
        "This [CircuitBreaker] marks nothing: {0}");

    public static readonly DiagnosticDescriptor MarkedTwice = Error(
        "TB0013",
        "A service is marked with [CircuitBreaker] twice",
        "'{0}' is marked already, {1}");

    public static readonly DiagnosticDescriptor Unguarded = Warning(
        "TB0014",
        "A Thrift client is used without its circuit breaker",
        "'{0}' is not guarded, although its service has a guarded client: {1}");

    public static readonly DiagnosticDescriptor GuardedTwice = Warning(
        "TB0015",
        "A guarded client is guarded twice",
        "'{0}' is guarded already, and a second circuit would count each of its failures again: use it as it is, or hand over what it wraps");

    public static readonly DiagnosticDescriptor Shared = Warning(
        "TB0016",
        "A Thrift client is shared by concurrent calls",
        "The connection of '{0}' carries one call at a time, and {1}: {2}");

    private static DiagnosticDescriptor Error(string id, string title, string message)
        => Rule(id, title, message, DiagnosticSeverity.Error);

    /// <summary>For code that works as long as all goes well.</summary>
    private static DiagnosticDescriptor Warning(string id, string title, string message)
        => Rule(id, title, message, DiagnosticSeverity.Warning);

    private static DiagnosticDescriptor Rule(string id, string title, string message, DiagnosticSeverity severity) => new(
        id,
        title,
        message,
        category: "ThriftBreaker",
        severity,
        isEnabledByDefault: true,
        helpLinkUri: $"https://github.com/thriftbreaker/thriftbreaker/blob/main/docs/diagnostics/{id}.md");
}

/// <summary>One thing that is wrong with a marked type.</summary>
/// <param name="Rule">The rule that it breaks.</param>
/// <param name="Culprit">The declaration to point at. What is wrong with a service that a mark of the assembly names is said at that mark.</param>
/// <param name="Arguments">What the message says about it.</param>
internal sealed record Problem(DiagnosticDescriptor Rule, ISymbol Culprit, params object[] Arguments)
{
    /// <summary>The mark to point at instead, at the argument that names a service; null for none.</summary>
    public Mark? Mark { get; init; }
}
