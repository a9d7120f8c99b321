using ThriftBreaker.Generator.Model;

namespace ThriftBreaker.Generator.Emission;

/// <summary>
/// Writes the constructors of a client: for an inner client, and, privately, for an invoker over a channel or a
/// pipeline.
/// </summary>
internal static class ConstructorWriter
{
    public static void Write(CodeWriter code, ServiceModel service)
    {
        var name = ServiceModel.ConstructorOf(service.ClientName);
        var inner = service.InnerInterface;
        if (service.Channel is not null)
        {
            code.Member($"private {name}({ClientWriter.Invoker(service)} calls) => _calls = calls;");
        }

        var ownCircuitBreakers = service.HasServiceCircuitBreaker ? $"new {Names.CircuitBreaker}(DefaultOptions)" : $"static options => new {Names.CircuitBreaker}(options)";
        code.Member($$"""
            /// <summary>Protects an inner client with {{(service.HasOneCircuitBreaker ? "a new circuit breaker" : "new circuit breakers")}}.</summary>
            public {{name}}({{inner}} inner) : this(inner, {{ownCircuitBreakers}}) { }
            """);

        if (service.HasServiceCircuitBreaker)
        {
            code.Member($"""
                /// <summary>Protects an inner client with this circuit breaker{(service.HasOneCircuitBreaker ? "" : ", and single methods with new ones")}.</summary>
                public {name}({inner} inner, {Names.CircuitBreaker} circuitBreaker, {inner}? fallback = null)
                    => _calls = new(Methods.Service, inner, circuitBreaker, fallback);
                """);
        }

        if (!service.HasOneCircuitBreaker)
        {
            code.Member($"""
                /// <summary>Protects an inner client with the circuit breakers that this function returns for their settings.</summary>
                public {name}({inner} inner, {Names.CircuitBreakers} circuitBreakers, {inner}? fallback = null)
                    => _calls = new(Methods.Service, inner, circuitBreakers, fallback);
                """);
        }
    }
}
