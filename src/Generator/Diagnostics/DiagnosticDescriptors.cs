using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Diagnostics;

/// <summary>
/// The diagnostics about attributes and the services they apply to. Messages say what is wrong and what to do.
/// </summary>
internal static class DiagnosticDescriptors
{
    public static readonly DiagnosticDescriptor SettingOutOfRange = DiagnosticRule.Error(
        "TB0001",
        "A setting of [CircuitBreaker] is out of range",
        "{0} is {1}, but must be {2}");

    public static readonly DiagnosticDescriptor NoServiceInterface = DiagnosticRule.Error(
        "TB0002",
        "No service interface found on a type with [CircuitBreaker]",
        "'{0}' is marked with [CircuitBreaker], but {1}");

    public static readonly DiagnosticDescriptor NotPartial = DiagnosticRule.Error(
        "TB0003",
        "Type with [CircuitBreaker] is not partial",
        "'{0}' must be partial, so that the circuit breaker client of '{1}' can be generated into it; add the modifier 'partial'");

    public static readonly DiagnosticDescriptor ClientNotGenerated = DiagnosticRule.Error(
        "TB0004",
        "Cannot generate a circuit breaker client for this type",
        "Cannot generate a circuit breaker client for '{0}': {1}");

    public static readonly DiagnosticDescriptor MemberNotSupported = DiagnosticRule.Error(
        "TB0005",
        "Service member is not supported",
        "'{0}' is not supported: {1}");

    public static readonly DiagnosticDescriptor ConflictingSettings = DiagnosticRule.Error(
        "TB0006",
        "Conflicting circuit breaker settings",
        "{0}");

    public static readonly DiagnosticDescriptor MethodAttributeNotApplied = DiagnosticRule.Error(
        "TB0007",
        "A [CircuitBreakerMethod] cannot be applied",
        "This [CircuitBreakerMethod] cannot be applied: {0}");

    public static readonly DiagnosticDescriptor NotAnException = DiagnosticRule.Error(
        "TB0008",
        "Exception list contains a type that is not an exception",
        "{0} contains {1}, {2}");

    public static readonly DiagnosticDescriptor MemberNotProtected = DiagnosticRule.Info(
        "TB0009",
        "Service member is not protected by the circuit breaker",
        "'{0}' is not protected by the circuit breaker: {1}");

    public static readonly DiagnosticDescriptor NoServiceSpecified = DiagnosticRule.Error(
        "TB0012",
        "[assembly: CircuitBreaker] does not specify a service",
        "This [CircuitBreaker] has no effect: {0}");

    public static readonly DiagnosticDescriptor DuplicateAttribute = DiagnosticRule.Error(
        "TB0013",
        "Duplicate [CircuitBreaker] attribute for a service",
        "'{0}' already has a [CircuitBreaker] attribute, {1}");

    public static readonly DiagnosticDescriptor TokenNotObserved = DiagnosticRule.Info(
        "TB0017",
        "Cancellation token of a call is not observed by the circuit breaker",
        "A call of '{0}' that its caller cancels can count as a failure: {1}");

    public static readonly DiagnosticDescriptor ResultNotObserved = DiagnosticRule.Info(
        "TB0018",
        "Outcome of a call is recorded before its result is complete",
        "A call of '{0}' can count as a success although it fails later: {1}");
}
