using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Reading;

namespace ThriftBreaker.Generator.Writing;

/// <summary>Writes the ways to a client that opens its connections itself.</summary>
internal static class ConnectWriter
{
    public static void Write(CodeWriter code, ServiceModel service, ChannelModel channel)
    {
        var name = service.GuardedName;

        // A probe may be a call of any method of its circuit: it may take as long as the longest of them.
        var longest = Longest(service.Methods);
        var longestOfTheServices = Longest(service.Methods.Where(method => service.MethodCircuits.All(circuit => circuit.Field != method.Breaker)));
        code.Line("/// <summary>A client of the server at this address. Connects when the first call is made.</summary>")
            .Line($"public static {name} Connect(string host, int port) => Connect(new {Names.Endpoint}(host, port));")
            .Line()
            .Line("/// <summary>A client of the server at this endpoint. Connects when the first call is made.</summary>")
            .Line($"public static {name} Connect({Names.Endpoint} endpoint) => Connect(endpoint, new {Names.ChannelOptions}());")
            .Line()
            .Line("/// <summary>A client of the server at this endpoint, with these settings of the connection.</summary>")
            .Line($"public static {name} Connect({Names.Endpoint} endpoint, {Names.ChannelOptions} options)")
            .Line(service.HasOneCircuit
                ? $"    => Connect(endpoint, options, {Names.GuardedClient}.BreakerFor(options, DefaultOptions{longest}));"
                : $"    => Connect(endpoint, options, settings => {Names.GuardedClient}.BreakerFor(options, settings{longest}));")
            .Line();

        if (service.HasCircuitOfItsOwn)
        {
            code.Line("/// <summary>A client of the server at this endpoint, guarded by this circuit.</summary>");
            WriteWith($"{Names.Breaker} breaker", $"{Names.GuardedClient}.Fit(options, breaker{longestOfTheServices})");
        }

        if (!service.HasOneCircuit)
        {
            code.Line("/// <summary>A client of the server at this endpoint, guarded by the circuits that this function gives.</summary>");
            WriteWith($"{Names.Breakers} breakers", $"{Names.GuardedClient}.Fit(options, breakers{longest})");
        }

        static string Longest(IEnumerable<MethodModel> methods)
            => methods.Max(static method => method.CallTimeout) is { } seconds ? $", {Names.TimeSpan}.FromSeconds({CallSettings.Text(seconds)})" : "";

        void WriteWith(string parameter, string argument)
            => code.Line($"public static {name} Connect({Names.Endpoint} endpoint, {Names.ChannelOptions} options, {parameter}, {service.InnerInterface}? fallback = null)")
                .Line($"    => new {name}(new {channel.Name}(new {Names.Channel}(endpoint, options)), {argument}, fallback);")
                .Line();
    }
}
