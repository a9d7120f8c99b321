using System.Globalization;
using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Reading;

namespace ThriftBreaker.Generator.Writing;

/// <summary>Writes the class that makes each call with Thrift's own client, on a connection lent by a channel.</summary>
internal static class ChannelClientWriter
{
    private static readonly string[] TupleNames = ["CompareTo", "Deconstruct", "Equals", "GetHashCode", "Rest", "ToString"];

    public static void Write(CodeWriter code, ServiceModel service, ChannelModel channel)
    {
        var calls = $"{Names.ChannelCalls}<{channel.ThriftClient}>";
        code.Line($"/// <summary>Makes each call to <see cref=\"{service.DocumentedInnerInterface}\"/> on a connection that no other call uses meanwhile.</summary>")
            .Line("/// <remarks>Thread-safe. Disposing it disposes its channel.</remarks>");
        if (service.Obsolete is { } obsolete)
        {
            code.Line(obsolete);
        }

        code.Line(Names.GeneratedCode)
            .Open($"{service.Accessibility} sealed class {channel.Name} : {service.InnerInterface}, {Names.AsyncDisposable}, {Names.Disposable}{service.Constraints}")
            .Line($"private readonly {calls} _calls;")
            .Line()
            .Line("/// <summary>A client over the connections of this channel.</summary>")
            .Line($"public {ServiceModel.ConstructorOf(channel.Name)}({Names.Channel} channel)")
            .Line($"    => _calls = new {calls}(channel, static protocol => new {channel.ThriftClient}(protocol));")
            .Line()
            .Line("/// <summary>The channel.</summary>")
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
        code.Line().Line("/// <inheritdoc/>");
        if (method.Obsolete is { } obsolete)
        {
            code.Line(obsolete);
        }

        // The arguments travel beside a static lambda: one by itself, several as a tuple that has their names, none as a 0 that nobody reads.
        var arguments = method.Parameters.Where(static parameter => !parameter.IsCancellationToken).Select(static parameter => Identifier.Escape(parameter.Name)).ToArray();
        var contract = $"{MethodText.Type(service.GuardedName, service.GuardedFullName, method)}.Methods.{Identifier.Escape(method.ContractField)}";
        var state = arguments.Length switch
        {
            0 => "0",
            1 => arguments[0],
            _ => $"({string.Join(", ", arguments)})",
        };
        var position = 0;
        var passed = method.Parameters.Select(parameter =>
            parameter.IsCancellationToken ? "token" : arguments.Length == 1 ? "state" : "state." + Element(parameter.Name, ++position));
        var call = $"static (client, state, token) => client.{Identifier.Escape(method.Name)}({string.Join(", ", passed)})";

        code.Line(MethodText.Header(method))
            .Line($"    => {MethodText.Field("_calls", method)}.CallAsync({contract}, {state}, {call}, {MethodText.Token(method)});");
    }

    /// <summary>An element of a tuple: by its name, which the compiler takes from the argument, unless tuples keep that name for themselves.</summary>
    private static string Element(string name, int position)
        => TupleNames.Contains(name, StringComparer.Ordinal) || name.StartsWith("Item", StringComparison.Ordinal)
            ? "Item" + position.ToString(CultureInfo.InvariantCulture)
            : Identifier.Escape(name);
}
