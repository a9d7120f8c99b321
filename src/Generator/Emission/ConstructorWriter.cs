using ThriftBreaker.Generator.Model;

namespace ThriftBreaker.Generator.Emission;

/// <summary>
/// Writes the fields of a guarded client and its constructors. Where one circuit guards everything it is handed in as it is; where
/// there are several, a function is asked for each by its settings.
/// </summary>
internal static class ConstructorWriter
{
    private const string FallbackRemark = "/// <remarks>The fallback, where there is one, answers the calls that are rejected, and is disposed by whoever made it.</remarks>";

    public static void Write(CodeWriter code, ServiceModel service)
    {
        code.Line($"private readonly {service.InnerInterface} _inner;");
        if (service.HasCircuitOfItsOwn)
        {
            code.Line($"private readonly {Names.Guard} _guard;");
        }

        foreach (var circuit in service.MethodCircuits)
        {
            code.Line($"private readonly {Names.Guard} {circuit.Field};");
        }

        code.Line($"private readonly {service.InnerInterface}? _fallback;").Line();
        switch (service)
        {
            case { HasOneCircuit: true }:
                WriteOfOneCircuit(code, service);
                break;

            case { HasCircuitOfItsOwn: true }:
                WriteOfServiceAndMethods(code, service);
                break;

            default:
                WriteOfMethods(code, service);
                break;
        }
    }

    private static void WriteOfOneCircuit(CodeWriter code, ServiceModel service)
    {
        WriteWithCircuitOfItsOwn(code, service);
        WriteWithCircuit(code, service)
            .Line($"_inner = inner ?? throw new {Names.NullArgument}(\"inner\");")
            .Line($"_guard = new {Names.Guard}(breaker);")
            .Line("_fallback = fallback;")
            .Close()
            .Line();
    }

    private static void WriteOfServiceAndMethods(CodeWriter code, ServiceModel service)
    {
        WriteWithCircuitOfItsOwn(code, service);
        WriteWithCircuit(code, service, $" : this(inner, breaker, breaker?.Options ?? DefaultOptions, {NewCircuit}, fallback)").Close().Line();
        WriteWithCircuits(code, service, $" : this(inner, {Names.GeneratedClientHelpers}.CreateFrom(breakers, DefaultOptions), DefaultOptions, breakers, fallback)").Close().Line();

        code.Open($"private {ServiceModel.ConstructorOf(service.GuardedName)}({service.InnerInterface} inner, {Names.CircuitBreaker} breaker, {Names.Options} settings, {Names.Breakers} breakers, {service.InnerInterface}? fallback)")
            .Line($"_inner = inner ?? throw new {Names.NullArgument}(\"inner\");")
            .Line($"_guard = new {Names.Guard}(breaker);")
            .Line("_fallback = fallback;");
        WriteMethodCircuits(code, service, "settings").Close().Line();
    }

    private static void WriteOfMethods(CodeWriter code, ServiceModel service)
    {
        code.Line("/// <summary>Guards each method of an inner client by a circuit of its own, with the settings of the mark.</summary>")
            .Open($"public {ServiceModel.ConstructorOf(service.GuardedName)}({service.InnerInterface} inner) : this(inner, {NewCircuit})")
            .Close()
            .Line();
        WriteWithCircuits(code, service)
            .Line($"_inner = inner ?? throw new {Names.NullArgument}(\"inner\");")
            .Line("_fallback = fallback;");
        WriteMethodCircuits(code, service, "DefaultOptions").Close().Line();
    }

    private static void WriteWithCircuitOfItsOwn(CodeWriter code, ServiceModel service)
        => code.Line($"/// <summary>Guards an inner client by {(service.HasOneCircuit ? "a circuit" : "circuits")} of its own, with the settings of the mark.</summary>")
            .Open($"public {ServiceModel.ConstructorOf(service.GuardedName)}({service.InnerInterface} inner) : this(inner, new {Names.CircuitBreaker}(DefaultOptions))")
            .Close()
            .Line();

    private static CodeWriter WriteWithCircuit(CodeWriter code, ServiceModel service, string chained = "")
        => code.Line(service.HasOneCircuit
                ? "/// <summary>Guards an inner client by this circuit, which other clients may share.</summary>"
                : "/// <summary>Guards an inner client by this circuit, and by those that single methods have of their own, with its settings and theirs.</summary>")
            .Line(FallbackRemark)
            .Open($"public {ServiceModel.ConstructorOf(service.GuardedName)}({service.InnerInterface} inner, {Names.CircuitBreaker} breaker, {service.InnerInterface}? fallback = null){chained}");

    private static CodeWriter WriteWithCircuits(CodeWriter code, ServiceModel service, string chained = "")
        => code.Line("/// <summary>Guards an inner client by the circuits that this function gives: it is asked for each once, by the name and the settings of its mark.</summary>")
            .Line(FallbackRemark)
            .Open($"public {ServiceModel.ConstructorOf(service.GuardedName)}({service.InnerInterface} inner, {Names.Breakers} breakers, {service.InnerInterface}? fallback = null){chained}");

    private static CodeWriter WriteMethodCircuits(CodeWriter code, ServiceModel service, string settings)
    {
        foreach (var circuit in service.MethodCircuits)
        {
            var own = CircuitWriter.Assignments(circuit.Settings).Prepend($"Name = {settings}.Name + {CircuitWriter.Literal("." + circuit.Method)}");
            code.Line($"{circuit.Field} = new {Names.Guard}({Names.GeneratedClientHelpers}.CreateFrom(breakers, {settings} with {{ {string.Join(", ", own)} }}));");
        }

        return code;
    }

    private const string NewCircuit = $"static settings => new {Names.CircuitBreaker}(settings)";
}
