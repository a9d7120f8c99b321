using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Tests.Harness;

/// <summary>
/// The values of the steps of the generator. A compiler object among them would keep a whole compilation alive, and
/// would never equal the next one.
/// </summary>
internal static class StepValues
{
    private static readonly Type[] CompilerObjects =
    [
        typeof(ISymbol), typeof(SyntaxNode), typeof(SyntaxTree), typeof(SyntaxReference), typeof(Compilation), typeof(SemanticModel),
        typeof(Location), typeof(AttributeData),
    ];

    /// <summary>
    /// The steps of the compiler: its inputs, its search for attributes, its outputs. All other steps are the
    /// generator's.
    /// </summary>
    private static readonly string[] StepsOfTheCompiler =
    [
        "Compilation", "CompilationOptions", "compilationAndGroupedNodes_ForAttributeWithMetadataName", "SourceOutput", "ImplementationSourceOutput",
    ];

    private static readonly string[] SearchForAttributes = ["_ForAttribute", "_ForAttributeInternal"];

    public static IReadOnlyList<KeyValuePair<string, ImmutableArray<IncrementalGeneratorRunStep>>> GetOwnSteps(GeneratorRunResult result)
        => [.. result.TrackedSteps
            .Where(static step => !StepsOfTheCompiler.Contains(step.Key) && !SearchForAttributes.Any(end => step.Key.EndsWith(end, StringComparison.Ordinal)))
            .OrderBy(static step => step.Key, StringComparer.Ordinal)];

    public static void AreFreeOfTheCompiler(GeneratorDriverRunResult run)
    {
        var result = run.Results.Single();
        var values = GetOwnSteps(result)
            .SelectMany(static step => step.Value)
            .SelectMany(static step => step.Outputs)
            .Select(static output => output.Value)
            .ToArray();
        Assert.True(values.Length >= result.GeneratedSources.Length, "The generated sources did not come from a tracked step.");
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
