using System.Globalization;
using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Diagnostics;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>From a mark to the options that it sets. What cannot be used is left to the analyzer, and out of the code.</summary>
internal static class SettingsReader
{
    /// <summary>What is said of the service or the method, and is no option of a circuit.</summary>
    private static readonly string[] NoOptions = ["Name", "Scope", "Bypass"];

    private const string Seconds = "Seconds";

    public static string Name(MarkedService service)
        => service.Mark?.Values.TryGetValue("Name", out var name) == true && name is string text ? text : service.Name;

    public static EquatableArray<SettingModel> Read(Mark? mark, MarkedService service)
        => (mark?.Settings ?? [])
            .Where(static setting => !NoOptions.Contains(setting.Key, StringComparer.Ordinal) && !CallSettings.IsOne(setting.Key))
            .Select(setting => Read(setting.Key, setting.Value, service))
            .OfType<SettingModel>()
            .ToEquatableArray();

    private static SettingModel? Read(string setting, TypedConstant constant, MarkedService service) => constant.Kind switch
    {
        TypedConstantKind.Array => Types(setting, constant, service),
        TypedConstantKind.Primitive or TypedConstantKind.Enum
            when constant.Value is { } value && SettingRules.Violation(setting, value) is null => Value(setting, constant, value),
        _ => null,
    };

    private static SettingModel? Value(string setting, TypedConstant constant, object value) => value switch
    {
        double seconds when setting.EndsWith(Seconds, StringComparison.Ordinal)
            => new(setting.Substring(0, setting.Length - Seconds.Length), SettingKind.Seconds, NumberText.Of(seconds)),
        double number => new(setting, SettingKind.Value, NumberText.Of(number)),
        bool flag => new(setting, SettingKind.Value, flag ? "true" : "false"),
        int when constant is { Kind: TypedConstantKind.Enum, Type: { } type }
            => DefaultValue.MemberOf(type, value) is { } member ? new(setting, SettingKind.Value, $"{TypeText.InCodeOf(type)}.{Identifier.Escape(member.Name)}") : null,
        int number => new(setting, SettingKind.Value, number.ToString(CultureInfo.InvariantCulture)),
        _ => null,
    };

    private static SettingModel? Types(string setting, TypedConstant constant, MarkedService service)
    {
        if (constant.IsNull)
        {
            return null;
        }

        var types = constant.Values
            .Where(type => ExceptionListRules.Obstacle(type, service) is null)
            .Select(static type => type.Value)
            .OfType<INamedTypeSymbol>()
            .Select(static type => $"typeof({TypeText.InCodeOf(type)})");
        return new(setting, SettingKind.Types, string.Join(", ", types));
    }
}
