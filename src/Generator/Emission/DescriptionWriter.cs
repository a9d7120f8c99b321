using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;
using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Emission;

/// <summary>Writes the nested class that describes the methods and the service to the runtime.</summary>
internal static class DescriptionWriter
{
    public static void Write(CodeWriter code, ServiceModel service)
    {
        code.Line("/// <summary>Describes the methods and the service.</summary>")
            .Open($"internal static class {GeneratedNames.MethodsClass}");
        if (service.Methods.Count > 0)
        {
            code.Text($"""
                internal static readonly {Names.ThriftMethod}
                    {string.Join(",\n    ", service.Methods.Select(method => $"{Identifier.Escape(method.DescriptionField)} = {Description(method, service)}"))};

                """);
        }

        // After the methods: static fields are initialized in this order.
        var arguments = service.Methods.Select(static method => Identifier.Escape(method.DescriptionField)).Prepend("DefaultOptions").Prepend(Literal(service.ServiceName));
        var start = $"internal static readonly {Names.ThriftService}<{service.InnerInterface}> {GeneratedNames.ServiceField} = new({string.Join(", ", arguments)})";
        string[] properties = [.. Properties(service)];
        if (properties.Length == 0 && service.HasOneCircuitBreaker)
        {
            code.Line(start + ";").Close();
            return;
        }

        code.Open(start).Lines(properties);
        if (!service.HasOneCircuitBreaker)
        {
            code.Open($"MethodCircuitBreakers = new {Names.Func}<{Names.Options}, {Names.Options}>[]")
                .Lines(service.MethodCircuitBreakers.Select(static own =>
                    $"static options => options with {{ {string.Join(", ", Assignments(own.Settings).Prepend($"Name = options.Name + {Literal("." + own.Method)}"))} }},"))
                .Close("},");
        }

        code.Close("};").Close();
    }

    /// <summary>The settings as assignments of an initializer.</summary>
    public static IEnumerable<string> Assignments(EquatableArray<SettingModel> settings)
        => settings.Select(static setting => $"{setting.Option} = {setting.Kind switch
        {
            SettingKind.Seconds => $"{Names.TimeSpan}.FromSeconds({setting.Value})",
            SettingKind.Types when setting.Value.Length == 0 => $"{Names.Type}.EmptyTypes",
            SettingKind.Types => $"new {Names.Type}[] {{ {setting.Value} }}",
            _ => setting.Value,
        }}");

    public static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    private static IEnumerable<string> Properties(ServiceModel service)
    {
        if (service.Channel is { } channel)
        {
            yield return $"CreateClient = static protocol => new {channel.ThriftClient}(protocol),";
        }

        if (!service.HasServiceCircuitBreaker)
        {
            yield return "HasServiceCircuitBreaker = false,";
        }
    }

    private static string Description(MethodModel method, ServiceModel service)
    {
        string[] properties = [.. Properties(method, service)];
        var arguments = method.Throws is { } throws
            ? string.Concat(throws.Select(static type => $", typeof({type})"))
            : ", null";
        return $"new({Literal(method.NameInContract)}{arguments}){(properties.Length == 0 ? "" : $" {{ {string.Join(", ", properties)} }}")}";
    }

    private static IEnumerable<string> Properties(MethodModel method, ServiceModel service)
    {
        if (method.Name != method.NameInContract)
        {
            yield return $"MemberName = {Literal(method.Name)}";
        }

        if (method.CircuitBreakerIndex != 1)
        {
            yield return $"CircuitBreakerIndex = {method.CircuitBreakerIndex.ToString(CultureInfo.InvariantCulture)}";
        }

        if (method.Oneway)
        {
            yield return "Oneway = true";
            if (service.Methods.Where(other => other.CircuitBreakerIndex == method.CircuitBreakerIndex).All(static other => other.Oneway))
            {
                yield return "OnewayOnly = true";
            }
        }

        if (method.Idempotent)
        {
            yield return "Idempotent = true";
        }

        if (method.CallTimeout is { } seconds)
        {
            yield return $"CallTimeout = {Names.TimeSpan}.FromSeconds({NumberText.ToCode(seconds)})";
        }
    }
}
