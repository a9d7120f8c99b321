using ThriftBreaker.Generator.Model;

namespace ThriftBreaker.Generator.Emission;

/// <summary>Writes the methods that create a client that opens its connections itself.</summary>
internal static class ConnectWriter
{
    /// <summary>The interface by which containers create the client.</summary>
    public static string InterfaceOf(ServiceModel service) => $"{Names.ConnectingClient}<{service.ClientName}>";

    public static void Write(CodeWriter code, ServiceModel service, ChannelModel channel)
    {
        var (name, inner) = (service.ClientName, service.InnerInterface);

        // The circuit breaker of the service; without one, the function that returns those of the methods.
        var (type, circuitBreakers) = service.HasServiceCircuitBreaker ? (Names.CircuitBreaker, "circuitBreaker") : (Names.CircuitBreakers, "circuitBreakers");
        code.Member($"""
            /// <summary>Creates a client of the server at this address. Connects when the first call is made.</summary>
            public static {name} Connect(string host, int port) => Connect(new {Names.Endpoint}(host, port));

            /// <summary>Creates a client of the server at this endpoint. Connects when the first call is made.</summary>
            public static {name} Connect({Names.Endpoint} endpoint, {Names.ChannelOptions}? options = null, {type}? {circuitBreakers} = null, {inner}? fallback = null)
                => Connect(new {Names.Channel}(endpoint, options ?? new()), {circuitBreakers}, fallback);

            /// <summary>Creates a client over this channel, which it disposes. Connects when the first call is made.</summary>
            public static {name} Connect({Names.Channel} channel, {type}? {circuitBreakers} = null, {inner}? fallback = null)
                => new(new {ClientWriter.Invoker(service)}(Methods.Service, channel, {circuitBreakers}, fallback));
            """);

        if (service is { HasServiceCircuitBreaker: true, HasOneCircuitBreaker: false })
        {
            code.Member($"""
                /// <summary>Creates a client of the server at this endpoint, with the circuit breakers that this function returns for their settings.</summary>
                public static {name} Connect({Names.Endpoint} endpoint, {Names.ChannelOptions}? options, {Names.CircuitBreakers} circuitBreakers, {inner}? fallback = null)
                    => Connect(new {Names.Channel}(endpoint, options ?? new()), circuitBreakers, fallback);

                /// <summary>Creates a client over this channel, with the circuit breakers that this function returns for their settings.</summary>
                public static {name} Connect({Names.Channel} channel, {Names.CircuitBreakers} circuitBreakers, {inner}? fallback = null)
                    => new(new {ClientWriter.Invoker(service)}(Methods.Service, channel, circuitBreakers, fallback));
                """);
        }

        if (channel.IsForContainers)
        {
            code.Member($"""
                static {Names.Type} {InterfaceOf(service)}.ServiceType => typeof({service.Interface});

                static {name} {InterfaceOf(service)}.Connect({Names.Channel} channel, {Names.CircuitBreakers} circuitBreakers, object? fallback)
                    => new(new {ClientWriter.Invoker(service)}(Methods.Service, channel, circuitBreakers ?? throw new {Names.NullArgument}("circuitBreakers"), Methods.Service.ToFallback(fallback)));

                static {name} {InterfaceOf(service)}.WithPipeline({name} client, {Names.Pipeline} pipeline)
                    => new((client ?? throw new {Names.NullArgument}("client"))._calls.WithPipeline(pipeline));
                """);
        }
    }
}
