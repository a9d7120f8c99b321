using ThriftBreaker.Generator.Diagnostics;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>What a mark says of the calls and not of a circuit. The method's mark goes before the service's.</summary>
internal static class CallSettings
{
    private const string Idempotent = "Idempotent";
    private const string CallTimeout = "CallTimeoutSeconds";

    /// <summary>Whether this is a setting of the calls.</summary>
    public static bool IsOne(string setting) => setting is Idempotent or CallTimeout;

    /// <summary>Whether the server may get the same call of the method twice.</summary>
    public static bool IsIdempotent(string method, MarkedService service) => InForce(Idempotent, method, service) is true;

    /// <summary>How many seconds a call of the method may take; null where the channel says it.</summary>
    public static double? TimeoutOf(string method, MarkedService service)
        => InForce(CallTimeout, method, service) is double seconds && SettingRules.Violation(CallTimeout, seconds) is null ? seconds : null;

    private static object? InForce(string setting, string method, MarkedService service)
        => service.MarkOf(method)?.Values.TryGetValue(setting, out var own) == true ? own
            : service.Mark?.Values.TryGetValue(setting, out var ofAll) == true ? ofAll
            : null;
}
