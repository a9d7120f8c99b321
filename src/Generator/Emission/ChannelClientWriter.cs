using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Emission;

/// <summary>Writes the class that makes each call with Thrift's own client, on a connection lent by a channel.</summary>
internal static class ChannelClientWriter
{
    public static void Write(CodeWriter code, ServiceModel service, ChannelModel channel)
    {
        var calls = $"{Names.ChannelCalls}<{service.InnerInterface}>";
        code.Line($"/// <summary>Makes each call to <see cref=\"{service.DocumentedInnerInterface}\"/> on a connection that no other call uses meanwhile.</summary>")
            .Line("/// <remarks>Thread-safe. Disposing it disposes its channel.</remarks>");
        foreach (var attribute in service.Attributes.Concat(Names.OfGeneratedClass))
        {
            code.Line(attribute);
        }

        code.Open($"{service.Accessibility} sealed class {channel.Name} : {service.Interface}, {Names.AsyncDisposable}, {Names.Disposable}{service.Constraints}")
            .Line($"private readonly {calls} _calls;")
            .Line()
            .Line("/// <summary>A client over the connections of this channel.</summary>")
            .Line($"public {ServiceModel.ConstructorOf(channel.Name)}({Names.Channel} channel)")
            .Line($"    => _calls = new {calls}(channel, static protocol => new {channel.ThriftClient}(protocol));")
            .Line();
        if (channel.IsForContainers)
        {
            code.Line("/// <summary>A client whose calls a pipeline makes, with a client that has the channel.</summary>")
                .Line($"internal {ServiceModel.ConstructorOf(channel.Name)}({Names.Channel} channel, {service.InnerInterface} guarded, {Names.Pipeline} pipeline)")
                .Line($"    => _calls = new {calls}(channel, guarded, pipeline);")
                .Line();
        }

        code.Line("/// <summary>The channel.</summary>")
            .Line($"public {Names.Channel} Channel => _calls.Channel;")
            .Line()
            .Line("/// <summary>Disposes the channel.</summary>")
            .Line("public void Dispose() => _calls.Channel.Dispose();")
            .Line()
            .Line("/// <summary>Disposes the channel.</summary>")
            .Line($"public {Names.ValueTask} DisposeAsync() => _calls.Channel.DisposeAsync();");

        foreach (var method in service.Methods)
        {
            Write(code, method, service);
        }

        code.Close();
    }

    private static void Write(CodeWriter code, MethodModel method, ServiceModel service)
    {
        code.Line().Annotated(method.SaysWhatMayBeNull).Line("/// <inheritdoc/>");
        foreach (var attribute in method.Attributes)
        {
            code.Line(attribute);
        }

        var arguments = new CarriedArguments(method.Parameters.Where(static parameter => !parameter.IsCancellationToken));
        var contract = $"{MethodText.Type(service.GuardedName, service.GuardedFullName, method)}.{GeneratedNames.ContractsClass}.{Identifier.Escape(method.ContractField)}";
        var passed = method.Parameters.Select(parameter => parameter.IsCancellationToken ? "token" : arguments.Argument(parameter, "state"));
        var receiver = MethodText.Receiver("client", method.DeclaringInterface, service);
        var call = $"static (client, state, token) => {receiver}.{Identifier.Escape(method.Name)}({string.Join(", ", passed)})";

        code.Line(MethodText.Header(method))
            .Line($"    => {MethodText.Field("_calls", method)}.CallAsync({contract}, {arguments.State}, {call}, {MethodText.Token(method)});");
    }
}
