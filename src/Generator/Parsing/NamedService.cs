using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>The service that a mark on an assembly names: a service class, or an interface.</summary>
internal static class NamedService
{
    /// <summary>What is marked; null where no service is named, and the rules for marks on assemblies say why.</summary>
    public static INamedTypeSymbol? Of(Mark mark) => TypeIn(mark) is { } type ? InterfaceIn(mark) is null ? type : type.ContainingType : null;

    /// <summary>The interface, where it is named inside its service: <c>typeof(MyService.IAsync)</c> is the service <c>MyService</c>.</summary>
    public static INamedTypeSymbol? InterfaceIn(Mark mark)
        => TypeIn(mark) is { TypeKind: TypeKind.Interface, ContainingType.TypeKind: TypeKind.Class } type && MarkedService.IsNamedAsThriftNamesThem(type)
            ? type
            : null;

    /// <summary>The type that is named. An open one, <c>typeof(IStore&lt;&gt;)</c>, is its definition.</summary>
    private static INamedTypeSymbol? TypeIn(Mark mark)
        => mark is { IsBroken: false, ServiceArgument: { Kind: TypedConstantKind.Type, Value: INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Interface } type } }
            ? type.IsUnboundGenericType ? type.OriginalDefinition : type
            : null;
}
