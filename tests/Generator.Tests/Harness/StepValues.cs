using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Tests.Harness;

/// <summary>What the steps of the generator hand on. A compiler object in there keeps a whole compilation alive, and is never equal to the next one.</summary>
internal static class StepValues
{
    private static readonly Type[] CompilerObjects =
    [
        typeof(ISymbol), typeof(SyntaxNode), typeof(SyntaxTree), typeof(SyntaxReference), typeof(Compilation), typeof(SemanticModel),
        typeof(Location), typeof(AttributeData),
    ];

    /// <summary>The steps of the compiler itself: its inputs, its search for attributes, its outputs. Whatever has another name is ours.</summary>
    private static readonly string[] StepsOfTheCompiler =
    [
        "Compilation", "CompilationOptions", "compilationAndGroupedNodes_ForAttributeWithMetadataName", "SourceOutput", "ImplementationSourceOutput",
    ];

    private static readonly string[] SearchForAttributes = ["_ForAttribute", "_ForAttributeInternal"];

    public static IReadOnlyList<KeyValuePair<string, ImmutableArray<IncrementalGeneratorRunStep>>> OursOf(GeneratorRunResult result)
        => [.. result.TrackedSteps
            .Where(static step => !StepsOfTheCompiler.Contains(step.Key) && !SearchForAttributes.Any(end => step.Key.EndsWith(end, StringComparison.Ordinal)))
            .OrderBy(static step => step.Key, StringComparer.Ordinal)];

    public static void AreFreeOfTheCompiler(GeneratorDriverRunResult run)
    {
        var result = run.Results.Single();
        var values = OursOf(result)
            .SelectMany(static step => step.Value)
            .SelectMany(static step => step.Outputs)
            .Select(static output => output.Value)
            .ToArray();
        Assert.True(values.Length >= result.GeneratedSources.Length, "What was written did not come from a step that is seen.");
        Assert.All(values, static value => Walk(value, value.GetType().Name, new HashSet<object>(ReferenceEqualityComparer.Instance)));
    }

    private static void Walk(object? value, string path, HashSet<object> seen)
    {
        if (value is null or string || value.GetType() is { IsPrimitive: true } or { IsEnum: true } || !seen.Add(value))
        {
            return;
        }

        Assert.False(CompilerObjects.Any(type => type.IsInstanceOfType(value)), $"{path} is a {value.GetType().Name}.");
        if (value is IEnumerable items)
        {
            foreach (var item in items)
            {
                Walk(item, path + "[]", seen);
            }
        }

        for (var type = value.GetType(); type is not null; type = type.BaseType)
        {
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                Walk(field.GetValue(value), $"{path}.{field.Name}", seen);
            }
        }
    }
}
