using System.Globalization;
using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>The same contract gives the same bytes, on every machine and in whatever order the compiler reads the files.</summary>
public sealed class DeterminismTests
{
    private static readonly string[] Project =
    [
        .. Contracts.Calculator,
        """
        namespace Circuit.Calculators;

        [ThriftBreaker.CircuitBreaker(ResetTimeoutSeconds = 0.5)]
        public partial class Calculator;
        """,
        """
        [ThriftBreaker.CircuitBreaker(ResetTimeoutSeconds = 1234.5, FailMax = 1234)]
        public interface IOrders { void Submit(double factor = -0.5, decimal price = -1234.5m, float single = 1e10f, long number = -5); }
        """,
    ];

    [Fact]
    public void TheOrderOfTheFilesDoesNotMatter()
        => Assert.Equal(Texts(Project), Texts([.. Project.Reverse()]));

    [Fact]
    public void TheEndsOfTheUsersLinesDoNotMatter()
        => Assert.Equal(Texts(Project), Texts([.. Project.Select(static text => text.Replace("\n", "\r\n", StringComparison.Ordinal))]));

    [Fact]
    public void TheCultureDoesNotMatter()
    {
        var expected = Texts(Project);
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = Outlandish();
            Assert.Equal(expected, Texts(Project));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void LinesEndWithALineFeedAndWithNoSpaces()
        => Assert.All(
            Texts(Project),
            static text =>
            {
                Assert.DoesNotContain('\r', text);
                Assert.EndsWith("}\n", text, StringComparison.Ordinal);
                Assert.All(text.Split('\n'), static line => Assert.Equal(line.TrimEnd(), line));
            });

    private static string[] Texts(string[] project)
        => [.. GeneratorRun.Of(project).Sources.Select(static source => source.SourceText.ToString()).Order(StringComparer.Ordinal)];

    /// <summary>The cultures of the machine are switched off in tests: one made by hand, that writes numbers as nobody else does.</summary>
    private static CultureInfo Outlandish()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NegativeSign = "minus ";
        culture.NumberFormat.NumberGroupSeparator = ".";
        return culture;
    }
}
