using System.Text.RegularExpressions;
using Circuit.Example;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Hosting.Tests;

/// <summary>The C# of the documentation compiles in a web app, with the directives that its page names.</summary>
public sealed partial class SnippetTests
{
    /// <summary>The directives that the Web SDK adds, and what the snippets expect of the app.</summary>
    private const string App =
        """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Net.Http.Json;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Hosting;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.AspNetCore.Routing;
        global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting;
        global using Microsoft.Extensions.Logging;
        global using Circuit.Example;

        public sealed class NotFound : Exception;

        public sealed class LastAnswers : MyService.IAsync
        {
            public Task<Response> doSomething(Request? request, CancellationToken cancellationToken = default) => Task.FromResult(new Response());
        }
        """;

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Append(typeof(MyService).Assembly.Location)
            .Distinct(StringComparer.Ordinal).Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    public static TheoryData<string> Pages => new(
        "docs/hosting.md", "docs/telemetry.md", "src/Hosting/Package/README.md", "src/Resilience/Package/README.md", "src/ServiceDiscovery/Package/README.md");

    [Theory]
    [MemberData(nameof(Pages))]
    public void SnippetsOfAPageCompile(string page)
    {
        var directives = new List<string>();
        var snippets = Snippet.Matches(File.ReadAllText(Path.Combine(TestRun.RepositoryRoot, page)).ReplaceLineEndings("\n")).Select(static match => match.Groups[1].Value).ToArray();

        Assert.NotEmpty(snippets);
        foreach (var snippet in snippets)
        {
            var lines = snippet.Split('\n').ToLookup(static line => line.StartsWith("using ", StringComparison.Ordinal));
            directives.AddRange(lines[true]);
            var program = $"{string.Join('\n', directives)}\n{Declare(snippet)}\n{string.Join('\n', lines[false])}";
            var problems = CSharpCompilation
                .Create("Snippet", [Parse(App), Parse(program)], References, new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable))
                .GetDiagnostics(TestContext.Current.CancellationToken)
                .Where(static problem => problem.Severity >= DiagnosticSeverity.Warning);

            Assert.True(!problems.Any(), $"{string.Join('\n', problems)}\n{program}");
        }
    }

    /// <summary>Declares the variables of the app that a snippet uses and does not declare.</summary>
    private static string Declare(string snippet)
    {
        var builder = snippet.Contains("var builder", StringComparison.Ordinal) ? "" : "var builder = WebApplication.CreateBuilder(args);";
        var app = snippet.Contains("app.", StringComparison.Ordinal) && !snippet.Contains("var app", StringComparison.Ordinal) ? "var app = builder.Build();" : "";
        var client = snippet.Contains("client.", StringComparison.Ordinal) ? "var client = app.Services.GetRequiredService<MyService.CircuitBreakerClient>();" : "";
        return $"{builder}\n{app}\n{client}";
    }

    private static SyntaxTree Parse(string text) => CSharpSyntaxTree.ParseText(text, cancellationToken: TestContext.Current.CancellationToken);

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippet { get; }
}
