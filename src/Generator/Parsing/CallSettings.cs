
namespace ThriftBreaker.Generator.Parsing;

/// <summary>The settings of calls, not of a circuit breaker. The method's attribute overrides the service's.</summary>
internal static class CallSettings
{
    private const string Idempotent = "Idempotent";
    private const string CallTimeout = "CallTimeoutSeconds";

    /// <summary>Whether a setting applies to calls.</summary>
    public static bool IsOne(string setting) => setting is Idempotent or CallTimeout;

    /// <summary>Whether a call of the method may reach the server twice.</summary>
    public static bool IsIdempotent(string method, ServiceDeclaration service) => GetValue(Idempotent, method, service) is true;

    /// <summary>Gets the timeout of the method's calls in seconds; null for the timeout of the channel.</summary>
    public static double? GetTimeout(string method, ServiceDeclaration service)
        => GetValue(CallTimeout, method, service) is double seconds && SettingRules.Violation(CallTimeout, seconds) is null ? seconds : null;

    private static object? GetValue(string setting, string method, ServiceDeclaration service)
        => service.GetAttribute(method)?.Values.TryGetValue(setting, out var own) == true ? own
            : service.Attribute?.Values.TryGetValue(setting, out var ofAll) == true ? ofAll
            : null;
}
