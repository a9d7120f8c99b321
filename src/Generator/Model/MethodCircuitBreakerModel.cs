namespace ThriftBreaker.Generator.Model;

/// <summary>The circuit breaker of one method, with all its overloads.</summary>
/// <param name="Method">The method's name.</param>
/// <param name="Settings">The settings of the method's attribute; the others are those of the service.</param>
internal sealed record MethodCircuitBreakerModel(string Method, EquatableArray<SettingModel> Settings);

/// <summary>One option that an attribute sets.</summary>
/// <param name="Option">The option's name.</param>
/// <param name="Kind">The kind of its value.</param>
/// <param name="Value">The value as C# text.</param>
internal sealed record SettingModel(string Option, SettingKind Kind, string Value);

/// <summary>The kinds of values that settings have.</summary>
internal enum SettingKind
{
    /// <summary>The value itself.</summary>
    Value,

    /// <summary>A number of seconds, for a time span.</summary>
    Seconds,

    /// <summary>Some <c>typeof(…)</c>, for a list of types.</summary>
    Types,
}
