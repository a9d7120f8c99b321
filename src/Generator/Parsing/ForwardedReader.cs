using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>Reads the properties, indexers and events of a service interface.</summary>
internal static class ForwardedReader
{
    public static EquatableArray<ForwardedModel> Read(ServiceDeclaration service, PublicNames publicNames)
        => service.Members
            .Select(member => member switch
            {
                IPropertySymbol property => Read(property, !publicNames.Take(property), service.Compilation),
                IEventSymbol @event => Read(@event, !publicNames.Take(@event), service.Compilation),
                _ => null,
            })
            .OfType<ForwardedModel>()
            .ToEquatableArray();

    private static ForwardedModel Read(IPropertySymbol property, bool isExplicit, Compilation compilation) => new(
        property.IsIndexer ? ForwardedKind.Indexer : ForwardedKind.Property,
        property.Name,
        TypeText.InCodeOf(property.ContainingType),
        RefText.ToCode(property.RefKind) + TypeText.InCodeOf(property.Type),
        ParameterReader.Read(property.Parameters, isExplicit, endsLater: false, compilation),
        Accessor(property.GetMethod, isExplicit, compilation),
        Accessor(property.SetMethod, isExplicit, compilation),
        isExplicit,
        NullAnnotations.AreIn(property),
        RepeatedAttributes.GetForMember(property, isExplicit, endsLater: false, compilation).ToEquatableArray());

    private static ForwardedModel Read(IEventSymbol @event, bool isExplicit, Compilation compilation) => new(
        ForwardedKind.Event,
        @event.Name,
        TypeText.InCodeOf(@event.ContainingType),
        TypeText.InCodeOf(@event.Type),
        Parameters: default,
        Getter: null,
        Setter: null,
        isExplicit,
        NullAnnotations.AreIn(@event),
        RepeatedAttributes.GetForMember(@event, isExplicit, endsLater: false, compilation).ToEquatableArray());

    private static string? Accessor(IMethodSymbol? accessor, bool isExplicit, Compilation compilation)
        => accessor is not null && ServiceMember.IsSlot(accessor) ? RepeatedAttributes.GetInLine(accessor, isExplicit, endsLater: false, compilation) : null;
}
