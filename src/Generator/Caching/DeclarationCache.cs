using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Model;

namespace ThriftBreaker.Generator.Caching;

/// <summary>The services of a syntax node, cached until a declaration changes.</summary>
/// <remarks>
/// After each edit the compiler passes every node with an attribute again, in a new compilation that has bound no
/// symbol yet: to read a thousand interfaces took 800 ms for each keystroke. The cache is not observable: parsing again
/// would give equal models. An entry lives as long as its node.
/// </remarks>
internal static class DeclarationCache
{
    private static readonly ConditionalWeakTable<SyntaxNode, StrongBox<Entry?>> Entries = new();

    public static EquatableArray<ServiceModel> GetOrParse(
        GeneratorAttributeSyntaxContext node,
        Func<GeneratorAttributeSyntaxContext, CancellationToken, EquatableArray<ServiceModel>> parse,
        CancellationToken cancellationToken)
    {
        var fingerprint = DeclarationFingerprint.Get(node.SemanticModel.Compilation, cancellationToken);
        var box = Entries.GetOrCreateValue(node.TargetNode);
        if (box.Value is { } entry && entry.Fingerprint == fingerprint)
        {
            return entry.Services;
        }

        var services = parse(node, cancellationToken);
        box.Value = new(fingerprint, services);
        return services;
    }

    private sealed record Entry(string Fingerprint, EquatableArray<ServiceModel> Services);
}
