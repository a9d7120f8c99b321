using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>
/// The marks on an assembly, for services that cannot carry one: they are compiled elsewhere, or their code is not the user's. Each
/// names its service, and they are brought together by it, because several files may name the same one.
/// </summary>
internal static class AssemblyMarks
{
    /// <summary>
    /// The services with a mark in this file, of whatever kind. The compiler shows us one file after the other: a service belongs to the
    /// file with its first mark.
    /// </summary>
    public static IEnumerable<MarkedService> In(SyntaxTree file, Compilation compilation, CancellationToken cancellationToken)
    {
        var marks = ByService(Mark.Of(compilation.Assembly, RuntimeNames.Attribute));
        var methodMarks = ByService(Mark.Of(compilation.Assembly, RuntimeNames.MethodAttribute));
        var claimed = new Dictionary<string, INamedTypeSymbol>(StringComparer.Ordinal);
        var services = marks.Select(static each => each.Key)
            .Concat(methodMarks.Select(static each => each.Key))
            .Distinct<INamedTypeSymbol>(SymbolEqualityComparer.Default);
        foreach (var service in services)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var client = ClientNames.PlaceOf(service);
            var other = claimed.TryGetValue(client, out var first) ? first : null;
            if (other is null && marks[service].Any())
            {
                claimed.Add(client, service);
            }

            if (marks[service].Concat(methodMarks[service]).Any(mark => mark.File == file))
            {
                yield return MarkedService.OnAssembly(service, [.. marks[service]], [.. methodMarks[service]], other, compilation, cancellationToken);
            }
        }
    }

    private static ILookup<INamedTypeSymbol, Mark> ByService(IReadOnlyList<Mark> marks)
        => marks
            .Select(static mark => (Mark: mark, Service: NamedService.Of(mark)))
            .Where(static each => each.Service is not null)
            .ToLookup<(Mark Mark, INamedTypeSymbol? Service), INamedTypeSymbol, Mark>(
                static each => each.Service!, static each => each.Mark, SymbolEqualityComparer.Default);
}
