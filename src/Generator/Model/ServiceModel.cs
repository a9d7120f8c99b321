namespace ThriftBreaker.Generator.Model;

/// <summary>One marked service: all that is needed to write its client, as plain values. No compiler object lives here.</summary>
/// <param name="Identity">The marked type, unique in the project: the name of the generated file derives from it.</param>
/// <param name="Namespace">Where the client goes; empty for the global namespace.</param>
/// <param name="NamespaceIsOfFile">Whether the language version lets a namespace be that of the whole file, which spares each line four spaces.</param>
/// <param name="ContainingTypes">The types to reopen around it, outermost first.</param>
/// <param name="Accessibility"><c>public</c>, <c>internal</c> …</param>
/// <param name="GuardedName">The guarded client's name: <c>CircuitBreakerClient</c>, <c>StoreCircuitBreakerClient&lt;T&gt;</c>.</param>
/// <param name="Constraints">The constraints of its type parameters, as they end its declaration; empty for none.</param>
/// <param name="Interface">The interface that the client offers.</param>
/// <param name="DocumentedInterface">The same, for documentation.</param>
/// <param name="InnerInterface">The interface of what it wraps: mostly the same.</param>
/// <param name="DocumentedInnerInterface">The same, for documentation.</param>
/// <param name="ServiceName">The service's name, for telemetry: <c>MyService</c>.</param>
/// <param name="CircuitBreakerName">The name of the service's circuit, and the first part of the names of its methods' circuits.</param>
/// <param name="Settings">The settings written in the mark.</param>
/// <param name="HasCircuitOfItsOwn">Whether there is a circuit for the methods that have none of their own.</param>
/// <param name="MethodCircuits">The circuits that guard one method each.</param>
/// <param name="Methods">The methods, in the order of declaration, inherited ones after the service's own.</param>
/// <param name="Forwarded">The members that are no methods, in the same order.</param>
/// <param name="Channel">How to reach a server; null where no Thrift client is known.</param>
/// <param name="Attributes">The attributes to repeat, one by one: the service may be obsolete, or an experiment.</param>
internal sealed record ServiceModel(
    string Identity,
    string Namespace,
    bool NamespaceIsOfFile,
    EquatableArray<ContainingTypeModel> ContainingTypes,
    string Accessibility,
    string GuardedName,
    string Constraints,
    string Interface,
    string DocumentedInterface,
    string InnerInterface,
    string DocumentedInnerInterface,
    string ServiceName,
    string CircuitBreakerName,
    EquatableArray<SettingModel> Settings,
    bool HasCircuitOfItsOwn,
    EquatableArray<CircuitModel> MethodCircuits,
    EquatableArray<MethodModel> Methods,
    EquatableArray<ForwardedModel> Forwarded,
    ChannelModel? Channel,
    EquatableArray<string> Attributes)
{
    /// <summary>Whether one circuit guards everything: then nothing is written that only several need.</summary>
    public bool HasOneCircuit => MethodCircuits.Count == 0;

    /// <summary>The guarded client from the root, for where a parameter hides its short name.</summary>
    public string GuardedFullName => "global::" + string.Join(
        ".",
        new[] { Namespace }
            .Where(static name => name.Length > 0)
            .Concat(ContainingTypes.Select(static type => type.Name))
            .Append(GuardedName));

    /// <summary>The name of a written class as its constructors have it: without type parameters.</summary>
    public static string ConstructorOf(string name) => name.Split('<')[0];
}

/// <summary>A type to reopen around the client.</summary>
/// <param name="Keywords">What declares it: <c>partial class</c>.</param>
/// <param name="Name">Its name, with its type parameters.</param>
internal sealed record ContainingTypeModel(string Keywords, string Name);

/// <summary>The Thrift client behind a service.</summary>
/// <param name="Name">The name of the class to write, with the guarded client's type parameters: <c>ChannelClient</c>.</param>
/// <param name="ThriftClient">The client that it calls through the interface of the service, mostly written by the Thrift compiler.</param>
/// <param name="IsForContainers">Whether the language version has static abstract members, by which a container makes the client.</param>
internal sealed record ChannelModel(string Name, string ThriftClient, bool IsForContainers);
