using ThriftBreaker.Generator.Model;

namespace ThriftBreaker.Generator.Emission;

/// <summary>Writes the class that guards every call by a circuit.</summary>
internal static class GuardedClientWriter
{
    public static void Write(CodeWriter code, ServiceModel service)
    {
        code.Line($"/// <summary>Routes every call to <see cref=\"{service.DocumentedInterface}\"/> through a circuit breaker.</summary>")
            .Line("/// <remarks>Thread-safe if what it wraps is. Disposing it disposes what it wraps, and leaves a fallback to its owner.</remarks>");
        foreach (var attribute in service.Attributes.Concat(Names.OfGeneratedClass))
        {
            code.Line(attribute);
        }

        code.Open($"{service.Accessibility} sealed class {service.GuardedName} : {Interfaces(service)}{service.Constraints}");
        ConstructorWriter.Write(code, service);
        CircuitWriter.Write(code, service);
        if (service.Channel is { } channel)
        {
            ConnectWriter.Write(code, service, channel);
        }

        code.Line("/// <summary>Disposes the inner client.</summary>")
            .Line($"public void Dispose() => {Names.GeneratedClientHelpers}.Dispose(_inner);")
            .Line()
            .Line("/// <summary>Disposes the inner client.</summary>")
            .Line($"public {Names.ValueTask} DisposeAsync() => {Names.GeneratedClientHelpers}.DisposeAsync(_inner);");

        foreach (var method in service.Methods)
        {
            code.Line().Annotated(method.SaysWhatMayBeNull);
            GuardedMethodWriter.Write(code, method, service);
        }

        foreach (var member in service.Forwarded)
        {
            code.Line().Annotated(member.SaysWhatMayBeNull);
            ForwardedMemberWriter.Write(code, member, service);
        }

        code.Line().Annotated(true);
        ContractWriter.Write(code, service);
        code.Close();
    }

    private static string Interfaces(ServiceModel service)
        => $"{service.Interface}, {(service.Channel is { IsForContainers: true } ? $"{ConnectWriter.InterfaceOf(service)}, " : "")}{Names.AsyncDisposable}, {Names.Disposable}";
}
