using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Emission;

/// <summary>Writes the ways to a client that opens its connections itself.</summary>
internal static class ConnectWriter
{
    /// <summary>What the client offers to a container that makes it.</summary>
    public static string InterfaceOf(ServiceModel service) => $"{Names.ConnectingClient}<{service.GuardedName}>";

    public static void Write(CodeWriter code, ServiceModel service, ChannelModel channel)
    {
        var name = service.GuardedName;

        // A probe may be a call of any method of its circuit: it may take as long as the longest of them.
        var longest = Longest(service.Methods);
        var longestOfTheServices = Longest(service.Methods.Where(method => service.MethodCircuits.All(circuit => circuit.Field != method.Guard)));
        code.Line("/// <summary>A client of the server at this address. Connects when the first call is made.</summary>")
            .Line($"public static {name} Connect(string host, int port) => Connect(new {Names.Endpoint}(host, port));")
            .Line()
            .Line("/// <summary>A client of the server at this endpoint. Connects when the first call is made.</summary>")
            .Line($"public static {name} Connect({Names.Endpoint} endpoint) => Connect(endpoint, new {Names.ChannelOptions}());")
            .Line()
            .Line("/// <summary>A client of the server at this endpoint, with these settings of the connection.</summary>")
            .Line($"public static {name} Connect({Names.Endpoint} endpoint, {Names.ChannelOptions} options) => Connect(new {Names.Channel}(endpoint, options));")
            .Line()
            .Line("/// <summary>A client over this channel, which it disposes with itself. Connects when the first call is made.</summary>")
            .Line($"public static {name} Connect({Names.Channel} channel)")
            .Line(service.HasOneCircuit
                ? $"    => new {name}(new {channel.Name}(channel), {Names.GeneratedClientHelpers}.CreateCircuitBreaker(channel.Options, DefaultOptions{longest}));"
                : $"    => new {name}(new {channel.Name}(channel), settings => {Names.GeneratedClientHelpers}.CreateCircuitBreaker(channel.Options, settings{longest}));")
            .Line();

        if (service.HasCircuitOfItsOwn)
        {
            WriteWith("guarded by this circuit", $"{Names.CircuitBreaker} breaker", "breaker", longestOfTheServices);
        }

        if (!service.HasOneCircuit)
        {
            WriteWith("guarded by the circuits that this function gives", $"{Names.Breakers} breakers", "breakers", longest);
        }

        if (channel.IsForContainers)
        {
            code.Line($"static {Names.Type} {InterfaceOf(service)}.ServiceType => typeof({service.Interface});")
                .Line()
                .Line($"static {name} {InterfaceOf(service)}.Connect({Names.Channel} channel, {Names.Breakers} breakers, object? fallback)")
                .Line($"    => Connect(channel, {(service.HasOneCircuit ? $"{Names.GeneratedClientHelpers}.CreateFrom(breakers, DefaultOptions)" : "breakers")}, {Names.GeneratedClientHelpers}.FallbackFrom<{service.InnerInterface}>(fallback));")
                .Line()
                .Line($"static object {InterfaceOf(service)}.WithPipeline({name} client, {Names.Channel} channel, {Names.Pipeline} pipeline)")
                .Line($"    => new {channel.Name}(channel, client, pipeline);")
                .Line();
        }

        static string Longest(IEnumerable<MethodModel> methods)
            => methods.Max(static method => method.CallTimeout) is { } seconds ? $", {Names.TimeSpan}.FromSeconds({NumberText.ToCode(seconds)})" : "";

        void WriteWith(string how, string parameter, string circuit, string longestCall)
            => code.Line($"/// <summary>A client of the server at this endpoint, {how}.</summary>")
                .Line($"public static {name} Connect({Names.Endpoint} endpoint, {Names.ChannelOptions} options, {parameter}, {service.InnerInterface}? fallback = null)")
                .Line($"    => Connect(new {Names.Channel}(endpoint, options), {circuit}, fallback);")
                .Line()
                .Line($"/// <summary>A client over this channel, which it disposes with itself, {how}.</summary>")
                .Line($"public static {name} Connect({Names.Channel} channel, {parameter}, {service.InnerInterface}? fallback = null)")
                .Line($"    => new {name}(new {channel.Name}(channel), {Names.GeneratedClientHelpers}.ConfigureForChannel(channel.Options, {circuit}{longestCall}), fallback);")
                .Line();
    }
}
