using System.Globalization;
using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>
/// Reads the options that an attribute sets. Values with errors are left out; the analyzer reports them.
/// </summary>
internal static class SettingsReader
{
    /// <summary>The settings of the service or the method that are not options of a circuit breaker.</summary>
    private static readonly string[] NoOptions = ["Name", "Scope", "Bypass"];

    private const string Seconds = "Seconds";

    public static string Name(ServiceDeclaration service)
        => service.Attribute?.Values.TryGetValue("Name", out var name) == true && name is string text ? text : service.Name;

    public static EquatableArray<SettingModel> Read(ServiceAttribute? attribute, ServiceDeclaration service)
        => (attribute?.Settings ?? [])
            .Where(static setting => !NoOptions.Contains(setting.Key, StringComparer.Ordinal) && !CallSettings.IsOne(setting.Key))
            .Select(setting => Read(setting.Key, setting.Value, service))
            .OfType<SettingModel>()
            .ToEquatableArray();

    private static SettingModel? Read(string setting, TypedConstant constant, ServiceDeclaration service) => constant.Kind switch
    {
        TypedConstantKind.Array => Types(setting, constant, service),
        TypedConstantKind.Primitive or TypedConstantKind.Enum
            when constant.Value is { } value && SettingRules.Violation(setting, value) is null => Value(setting, constant, value),
        _ => null,
    };

    private static SettingModel? Value(string setting, TypedConstant constant, object value) => value switch
    {
        double seconds when setting.EndsWith(Seconds, StringComparison.Ordinal)
            => new(setting.Substring(0, setting.Length - Seconds.Length), SettingKind.Seconds, NumberText.ToCode(seconds)),
        double number => new(setting, SettingKind.Value, NumberText.ToCode(number)),
        bool flag => new(setting, SettingKind.Value, flag ? "true" : "false"),
        int when constant is { Kind: TypedConstantKind.Enum, Type: { } type }
            => DefaultValue.GetMember(type, value) is { } member ? new(setting, SettingKind.Value, $"{TypeText.InCodeOf(type)}.{Identifier.Escape(member.Name)}") : null,
        int number => new(setting, SettingKind.Value, number.ToString(CultureInfo.InvariantCulture)),
        _ => null,
    };

    private static SettingModel? Types(string setting, TypedConstant constant, ServiceDeclaration service)
    {
        if (constant.IsNull)
        {
            return null;
        }

        var types = constant.Values
            .Where(type => ExceptionListValidator.Obstacle(type, service) is null)
            .Select(static type => type.Value)
            .OfType<INamedTypeSymbol>()
            .Select(static type => $"typeof({TypeText.InCodeOf(type)})");
        return new(setting, SettingKind.Types, string.Join(", ", types));
    }
}
