using Microsoft.CodeAnalysis.CSharp;
using ThriftBreaker.Generator.Model;

namespace ThriftBreaker.Generator.Emission;

/// <summary>Writes what a guarded client shows of its circuits: the settings in the mark, and the circuits themselves.</summary>
internal static class CircuitWriter
{
    public static void Write(CodeWriter code, ServiceModel service)
    {
        code.Line("/// <summary>The settings of the mark; what it does not set has its default.</summary>")
            .Open($"public static {Names.Options} DefaultOptions {{ get; }} = new {Names.Options}")
            .Line($"Name = {Literal(service.CircuitBreakerName)},");
        foreach (var assignment in Assignments(service.Settings))
        {
            code.Line(assignment + ",");
        }

        code.Close("};").Line();
        if (service.HasCircuitOfItsOwn)
        {
            code.Line(service.HasOneCircuit
                    ? "/// <summary>The circuit.</summary>"
                    : "/// <summary>The circuit of the methods that have none of their own.</summary>")
                .Line($"public {Names.CircuitBreaker} CircuitBreaker => _guard.CircuitBreaker;")
                .Line();
        }

        if (!service.HasOneCircuit)
        {
            WriteBreakerOf(code, service);
        }
    }

    /// <summary>The settings as they stand in an initializer.</summary>
    public static IEnumerable<string> Assignments(EquatableArray<SettingModel> settings)
        => settings.Select(static setting => $"{setting.Option} = {setting.Kind switch
        {
            SettingKind.Seconds => $"{Names.TimeSpan}.FromSeconds({setting.Value})",
            SettingKind.Types => ContractWriter.Types(setting.Value),
            _ => setting.Value,
        }}");

    public static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    private static void WriteBreakerOf(CodeWriter code, ServiceModel service)
    {
        code.Line("/// <summary>The circuit that guards the method of this name.</summary>")
            .Line("/// <exception cref=\"global::System.ArgumentException\">There is no such method, or it is not guarded.</exception>")
            .Open($"public {Names.CircuitBreaker} GetCircuitBreaker(string method) => method switch");
        foreach (var method in service.Methods.GroupBy(static method => method.Name, StringComparer.Ordinal))
        {
            var answer = method.Select(static overload => overload.Guard).FirstOrDefault(static guard => guard is not null) is { } guard
                ? guard + ".CircuitBreaker"
                : $"throw {Names.GeneratedClientHelpers}.Bypassed(method, {Literal(service.CircuitBreakerName)})";
            code.Line($"{Literal(method.Key)} => {answer},");
        }

        code.Line($"_ => throw {Names.GeneratedClientHelpers}.NoSuchMethod(method, {Literal(service.CircuitBreakerName)}),")
            .Close("};")
            .Line();
    }
}
