using System.Text.RegularExpressions;
using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>The text that a service costs in the project of its user.</summary>
public sealed partial class ClientSizeTests
{
    [Fact]
    public void ASmallServiceCostsAtMost6000Characters()
        => Assert.InRange(Text(methods: 1).Length, 1, 6_000);

    [Fact]
    public void EachMethodOfTwoArgumentsCostsAtMost400Characters()
        => Assert.InRange((WithoutDocumentation(Text(methods: 20)).Length - WithoutDocumentation(Text(methods: 1)).Length) / 19, 1, 400);

    private static string Text(int methods) => GeneratorRun.Create(
        $$"""
        using System.Threading;
        using System.Threading.Tasks;
        using Thrift;
        using Thrift.Protocol;

        namespace Circuit.Calculators;

        [ThriftBreaker.CircuitBreaker]
        public partial class Calculator
        {
            public interface IAsync
            {
                {{string.Concat(Enumerable.Range(10, methods).Select(static number => $"Task<int> compute{number}(int a, string? text, CancellationToken cancellationToken = default);\n"))}}
            }

            public class Client(TProtocol protocol) : TBaseClient(protocol, protocol), IAsync
            {
                {{string.Concat(Enumerable.Range(10, methods).Select(static number => $"public Task<int> compute{number}(int a, string? text, CancellationToken cancellationToken) => Task.FromResult(a);\n"))}}
            }
        }
        """).Text;

    private static string WithoutDocumentation(string text) => Documentation.Replace(text, "");

    [GeneratedRegex(@"^ *///.*\n", RegexOptions.Multiline)]
    private static partial Regex Documentation { get; }
}
