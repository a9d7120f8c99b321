using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Rules;

namespace ThriftBreaker.Generator.Reading;

/// <summary>From the arguments of a mark to its settings. What is out of range is left to the analyzer, and out of the code.</summary>
internal static class SettingsReader
{
    public static SettingsModel Read(AttributeData mark, string serviceName) => new(
        Text(mark, "Name") ?? serviceName,
        Number<int>(mark, "FailMax"),
        Number<double>(mark, "ResetTimeoutSeconds"),
        Number<int>(mark, "SuccessThreshold"),
        Number<bool>(mark, "ThrowOnTrip"));

    private static string? Text(AttributeData mark, string setting) => ValueOf(mark, setting) as string;

    private static T? Number<T>(AttributeData mark, string setting)
        where T : struct
        => ValueOf(mark, setting) is T value && SettingRules.Violation(setting, value) is null ? value : null;

    private static object? ValueOf(AttributeData mark, string setting)
        => mark.NamedArguments.FirstOrDefault(argument => argument.Key == setting).Value is { Kind: TypedConstantKind.Primitive } constant
            ? constant.Value
            : null;
}
