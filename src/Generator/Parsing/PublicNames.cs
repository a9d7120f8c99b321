using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>
/// The members of the service that can be public in the generated class. The others are explicit implementations: those
/// with a name that the class uses itself, and the second of two with one signature.
/// </summary>
internal sealed class PublicNames
{
    /// <summary>The name that an indexer has in its class.</summary>
    private const string Indexer = "Item";

    /// <summary>The names that every class inherits from <see cref="object"/>.</summary>
    public static readonly string[] OfObject =
        ["Equals", "Finalize", "GetHashCode", "GetType", "MemberwiseClone", "ReferenceEquals", "ToString"];

    /// <summary>Names that no field of the class that describes the methods can have.</summary>
    public static readonly string[] OfDescription = [.. OfObject, GeneratedNames.MethodsClass, GeneratedNames.ServiceField, "DefaultOptions"];

    /// <summary>
    /// Names that the written classes need for themselves, and <c>nameof</c>, which a method of that name would hide.
    /// </summary>
    private static readonly string[] OfTheClasses =
    [
        .. OfObject, "CircuitBreaker", "GetCircuitBreaker", "Connect", "DefaultOptions", "Dispose", "DisposeAsync", GeneratedNames.MethodsClass,
        "_calls", "get_CircuitBreaker", "get_DefaultOptions", "nameof",
    ];

    /// <summary>The prefixes of the accessors of a member.</summary>
    private static readonly string[] OfItsMembers = ["get_", "set_", "add_", "remove_"];

    private readonly HashSet<string> _taken = new(OfTheClasses, StringComparer.Ordinal);
    private readonly HashSet<string> _namesOfMethods = new(StringComparer.Ordinal);

    /// <summary>Only these need their signatures as text, which costs more than everything else here.</summary>
    private readonly HashSet<string> _namesOfOverloads = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _indexersByName = new(StringComparer.Ordinal);
    private readonly HashSet<string> _signatures = new(StringComparer.Ordinal);

    /// <param name="members">The members of the service.</param>
    /// <param name="otherNames">More names that the generated classes use.</param>
    public PublicNames(IEnumerable<ISymbol> members, IEnumerable<string> otherNames)
    {
        _taken.UnionWith(otherNames);
        foreach (var member in members)
        {
            switch (member)
            {
                case IMethodSymbol:
                    if (!_namesOfMethods.Add(member.Name))
                    {
                        _namesOfOverloads.Add(member.Name);
                    }

                    break;

                case IEventSymbol:
                    _taken.Add("add_" + member.Name);
                    _taken.Add("remove_" + member.Name);
                    break;

                default:
                    _taken.Add("get_" + NameOf(member));
                    _taken.Add("set_" + NameOf(member));
                    break;
            }
        }
    }

    /// <summary>Whether the generated classes use this name, or can use it.</summary>
    public static bool IsOfTheClasses(string name)
        => OfTheClasses.Contains(name, StringComparer.Ordinal) || OfItsMembers.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>
    /// Whether the member can be public, for members in declaration order: the first one takes the name.
    /// </summary>
    public bool Take(ISymbol member)
    {
        var isFirst = member switch
        {
            IMethodSymbol method => !_namesOfOverloads.Contains(method.Name) || _signatures.Add(SignatureText.Get(method)),
            IPropertySymbol { IsIndexer: true } indexer => _signatures.Add(SignatureText.Get(indexer)) && TakeName(Indexer, isIndexer: true),
            _ => TakeName(member.Name, isIndexer: false),
        };
        return isFirst && IsPublic(member) && !_taken.Contains(NameOf(member)) && (member is IMethodSymbol || !_namesOfMethods.Contains(NameOf(member)));
    }

    /// <summary>Indexers share one name; all other members need their own.</summary>
    private bool TakeName(string name, bool isIndexer)
    {
        if (_indexersByName.TryGetValue(name, out var ownerIsIndexer))
        {
            return isIndexer && ownerIsIndexer;
        }

        _indexersByName.Add(name, isIndexer);
        return true;
    }

    private static string NameOf(ISymbol member) => member is IPropertySymbol { IsIndexer: true } ? Indexer : member.Name;

    private static bool IsPublic(ISymbol member)
        => member.DeclaredAccessibility == Accessibility.Public &&
            (member is not IPropertySymbol property || (IsPublicOrNone(property.GetMethod) && IsPublicOrNone(property.SetMethod)));

    private static bool IsPublicOrNone(IMethodSymbol? accessor) => accessor is null or { DeclaredAccessibility: Accessibility.Public };
}
