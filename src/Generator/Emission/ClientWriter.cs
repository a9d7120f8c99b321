using ThriftBreaker.Generator.Model;

namespace ThriftBreaker.Generator.Emission;

/// <summary>Writes the client of a service: a class that makes every call with a call invoker.</summary>
internal static class ClientWriter
{
    public static void Write(CodeWriter code, ServiceModel service)
    {
        code.Text($"""
            /// <summary>Calls <see cref="{service.DocumentedInterface}"/> through {(service.HasOneCircuitBreaker ? "a circuit breaker" : "circuit breakers")}.</summary>
            /// <remarks>Thread-safe if the inner client is. Disposes the inner client{(service.Channel is null ? "" : " or channel")}, but not the fallback.</remarks>
            """)
            .Lines(service.Attributes)
            .Lines(Names.AttributesOfClient(service.Omitted))
            .Open($"{service.Accessibility} sealed class {service.ClientName} : {Interfaces(service)}{service.Constraints}")
            .Line($"private readonly {Invoker(service)} _calls;");

        ConstructorWriter.Write(code, service);
        WriteCircuitBreakers(code, service);
        if (service.Channel is { } channel)
        {
            ConnectWriter.Write(code, service, channel);
        }

        code.Member($"""
            /// <summary>Disposes the inner client{(service.Channel is null ? "" : " or the channel")}.</summary>
            public void Dispose() => _calls.Dispose();
            """);
        if (service.IsAsyncDisposable)
        {
            code.Member($"""
                /// <inheritdoc cref="Dispose"/>
                public {Names.ValueTask} DisposeAsync() => _calls.DisposeAsync();
                """);
        }

        foreach (var method in service.Methods)
        {
            code.Line().Annotated(method.HasAnnotations);
            MethodWriter.Write(code, method, service);
        }

        foreach (var member in service.Forwarded)
        {
            code.Line().Annotated(member.HasAnnotations);
            ForwardedMemberWriter.Write(code, member, service);
        }

        code.Line().Annotated(true);
        DescriptionWriter.Write(code, service);
        code.Close();
    }

    /// <summary>The type of the invoker of a client.</summary>
    public static string Invoker(ServiceModel service) => $"{Names.CallInvoker}<{service.InnerInterface}>";

    private static string Interfaces(ServiceModel service)
        => $"{service.Interface}, {(service.Channel is { IsForContainers: true } ? $"{ConnectWriter.InterfaceOf(service)}, " : "")}{(service.IsAsyncDisposable ? $"{Names.AsyncDisposable}, " : "")}{Names.Disposable}";

    private static void WriteCircuitBreakers(CodeWriter code, ServiceModel service)
    {
        code.Member("/// <summary>Gets the settings of the attribute.</summary>")
            .Line($"public static {Names.Options} DefaultOptions {{ get; }} = new() {{ {string.Join(", ", DescriptionWriter.Assignments(service.Settings).Prepend($"Name = {DescriptionWriter.Literal(service.CircuitBreakerName)}"))} }};");
        if (service.HasServiceCircuitBreaker)
        {
            code.Member($"""
                /// <summary>Gets the circuit breaker{(service.HasOneCircuitBreaker ? "" : " of the methods that have none of their own")}.</summary>
                public {Names.CircuitBreaker} CircuitBreaker => _calls.ServiceCircuitBreaker;
                """);
        }

        if (!service.HasOneCircuitBreaker)
        {
            code.Member($"""
                /// <summary>Gets the circuit breaker of the method with this name.</summary>
                /// <exception cref="global::System.ArgumentException">There is no such method, or its calls bypass the circuit breaker.</exception>
                public {Names.CircuitBreaker} GetCircuitBreaker(string method) => _calls.GetCircuitBreaker(method);
                """);
        }
    }
}
