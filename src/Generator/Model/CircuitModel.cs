namespace ThriftBreaker.Generator.Model;

/// <summary>A circuit that guards one method, with all its overloads.</summary>
/// <param name="Method">The method's name.</param>
/// <param name="Field">The field of the guard that holds the circuit.</param>
/// <param name="Settings">What the method's mark sets; the rest is as the service has it.</param>
internal sealed record CircuitModel(string Method, string Field, EquatableArray<SettingModel> Settings);

/// <summary>One option that a mark sets.</summary>
/// <param name="Option">The option's name.</param>
/// <param name="Kind">How its value is to be written.</param>
/// <param name="Value">The value as C# text.</param>
internal sealed record SettingModel(string Option, SettingKind Kind, string Value);

/// <summary>What the text of a setting's value stands for.</summary>
internal enum SettingKind
{
    /// <summary>The value itself.</summary>
    Value,

    /// <summary>A number of seconds, for a time span.</summary>
    Seconds,

    /// <summary>Some <c>typeof(…)</c>, for a list of types.</summary>
    Types,
}
