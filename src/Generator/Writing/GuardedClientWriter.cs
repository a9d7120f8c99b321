using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;
using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Reading;

namespace ThriftBreaker.Generator.Writing;

/// <summary>Writes the class that guards every call by a circuit.</summary>
internal static class GuardedClientWriter
{
    public static void Write(CodeWriter code, ServiceModel service)
    {
        var name = service.GuardedName;
        code.Line($"/// <summary>Routes every call to <see cref=\"{service.Interface}\"/> through a circuit breaker.</summary>")
            .Line("/// <remarks>Thread-safe if what it wraps is. Disposing it disposes what it wraps.</remarks>");
        if (service.Obsolete is { } obsolete)
        {
            code.Line(obsolete);
        }

        code.Line(Names.GeneratedCode)
            .Open($"{service.Accessibility} sealed class {name} : {service.Interface}, {Names.AsyncDisposable}, {Names.Disposable}")
            .Line($"private readonly {service.InnerInterface} _inner;")
            .Line($"private readonly {Names.Breaker} _breaker;")
            .Line();
        WriteConstructors(code, service);
        WriteSettings(code, service);
        if (service.Channel is { } channel)
        {
            WriteConnect(code, name, channel);
        }

        code.Line("/// <summary>Disposes the inner client.</summary>")
            .Line($"public void Dispose() => {Names.GuardedClient}.Dispose(_inner);")
            .Line()
            .Line("/// <summary>Disposes the inner client.</summary>")
            .Line($"public {Names.ValueTask} DisposeAsync() => {Names.GuardedClient}.DisposeAsync(_inner);");

        foreach (var method in service.Methods)
        {
            code.Line();
            GuardedMethodWriter.Write(code, method, service);
        }

        code.Line();
        WriteContracts(code, service);
        code.Close();
    }

    private static void WriteConstructors(CodeWriter code, ServiceModel service)
        => code.Line("/// <summary>Guards an inner client by a circuit of its own, with the settings of the mark.</summary>")
            .Open($"public {service.GuardedName}({service.InnerInterface} inner) : this(inner, new {Names.Breaker}(DefaultOptions))")
            .Close()
            .Line()
            .Line("/// <summary>Guards an inner client by this circuit, which other clients may share.</summary>")
            .Open($"public {service.GuardedName}({service.InnerInterface} inner, {Names.Breaker} breaker)")
            .Line($"_inner = inner ?? throw new {Names.NullArgument}(nameof(inner));")
            .Line($"_breaker = breaker ?? throw new {Names.NullArgument}(nameof(breaker));")
            .Close()
            .Line();

    private static void WriteSettings(CodeWriter code, ServiceModel service)
    {
        code.Line("/// <summary>The settings of the mark; what it does not set has its default.</summary>")
            .Open($"public static {Names.Options} DefaultOptions {{ get; }} = new {Names.Options}");
        var settings = service.Settings;
        code.Line($"Name = {SymbolDisplay.FormatLiteral(settings.Name, quote: true)},");
        if (settings.FailMax is { } failures)
        {
            code.Line($"FailMax = {failures.ToString(CultureInfo.InvariantCulture)},");
        }

        if (settings.ResetTimeoutSeconds is { } seconds)
        {
            code.Line($"ResetTimeout = {Names.TimeSpan}.FromSeconds({seconds.ToString("R", CultureInfo.InvariantCulture)}D),");
        }

        if (settings.SuccessThreshold is { } successes)
        {
            code.Line($"SuccessThreshold = {successes.ToString(CultureInfo.InvariantCulture)},");
        }

        if (settings.ThrowOnTrip is { } throws)
        {
            code.Line($"ThrowOnTrip = {(throws ? "true" : "false")},");
        }

        code.Close("};")
            .Line()
            .Line("/// <summary>The circuit.</summary>")
            .Line($"public {Names.Breaker} Breaker => _breaker;")
            .Line();
    }

    private static void WriteConnect(CodeWriter code, string name, ChannelModel channel)
        => code.Line("/// <summary>A client of the server at this address. Connects when the first call is made.</summary>")
            .Line($"public static {name} Connect(string host, int port) => Connect(new {Names.Endpoint}(host, port));")
            .Line()
            .Line("/// <summary>A client of the server at this endpoint. Connects when the first call is made.</summary>")
            .Line($"public static {name} Connect({Names.Endpoint} endpoint) => Connect(endpoint, new {Names.ChannelOptions}());")
            .Line()
            .Line("/// <summary>A client of the server at this endpoint, with these settings of the connection.</summary>")
            .Line($"public static {name} Connect({Names.Endpoint} endpoint, {Names.ChannelOptions} options)")
            .Line($"    => Connect(endpoint, options, {Names.GuardedClient}.BreakerFor(options, DefaultOptions));")
            .Line()
            .Line("/// <summary>A client of the server at this endpoint, guarded by this circuit.</summary>")
            .Line($"public static {name} Connect({Names.Endpoint} endpoint, {Names.ChannelOptions} options, {Names.Breaker} breaker)")
            .Line($"    => new {name}(new {channel.Name}(new {Names.Channel}(endpoint, options)), breaker);")
            .Line();

    private static void WriteContracts(CodeWriter code, ServiceModel service)
    {
        code.Line("/// <summary>What the contract says about each method.</summary>")
            .Open("private static class Methods");
        foreach (var method in service.Methods)
        {
            code.Line($"internal static readonly {Names.MethodContract} {Identifier.Escape(method.ContractField)} = {Contract(method)};");
        }

        code.Close();
    }

    private static string Contract(MethodModel method)
    {
        var known = new List<string>();
        if (method.Oneway)
        {
            known.Add("Oneway = true");
        }

        if (method.Throws is { } throws)
        {
            known.Add($"Throws = {Types(throws)}");
        }

        return $"new {Names.MethodContract}(\"{method.NameInContract}\")" + (known.Count > 0 ? $" {{ {string.Join(", ", known)} }}" : "");
    }

    private static string Types(EquatableArray<string> types)
        => types.Count == 0
            ? $"{Names.Type}.EmptyTypes"
            : $"new {Names.Type}[] {{ {string.Join(", ", types.Select(static type => $"typeof({type})"))} }}";
}
