using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ThriftBreaker.Generator.Tests.Harness;

/// <summary>The snapshots as files. A file that no test compares says nothing about the generator, and stays green.</summary>
internal static class SnapshotFiles
{
    /// <summary>
    /// Gets the snapshots that no test compares: the test was renamed or deleted, or it does not call
    /// <see cref="Snapshot.Verify"/> any more.
    /// </summary>
    /// <param name="snapshots">The names of the snapshots.</param>
    /// <param name="sources">The source files of the tests, by their names.</param>
    public static IEnumerable<string> FindStale(IEnumerable<string> snapshots, IEnumerable<(string File, string Text)> sources)
    {
        var tests = sources.SelectMany(static source => GetVerifyingTests(source.Text).Select(test => $"{Path.GetFileNameWithoutExtension(source.File)}.{test}")).ToArray();
        return snapshots.Where(snapshot => !Array.Exists(tests, test => IsOf(snapshot, test)));
    }

    private static IEnumerable<string> GetVerifyingTests(string source)
        => CSharpSyntaxTree.ParseText(source).GetRoot().DescendantNodes()
            .OfType<MethodDeclarationSyntax>()
            .Where(static method => IsTest(method) && method.DescendantNodes().OfType<InvocationExpressionSyntax>().Any(IsVerify))
            .Select(static method => method.Identifier.Text);

    private static bool IsTest(MethodDeclarationSyntax method)
        => method.AttributeLists.SelectMany(static list => list.Attributes).Any(static attribute => attribute.Name.ToString() is "Fact" or "Theory");

    private static bool IsVerify(InvocationExpressionSyntax call)
        => call.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: nameof(Snapshot.Verify), Expression: IdentifierNameSyntax { Identifier.Text: nameof(Snapshot) } };

    /// <summary>The name continues with the generated file, the parameters of the test, or the extension.</summary>
    private static bool IsOf(string snapshot, string test)
        => snapshot.StartsWith(test, StringComparison.Ordinal) && snapshot[test.Length] is '#' or '_' or '.';
}
