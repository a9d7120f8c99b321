using System.Globalization;
using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>The same contract gives the same bytes on every machine and in any order of the files.</summary>
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
        """
        [assembly: ThriftBreaker.CircuitBreaker(typeof(Shop.Returns), ResetTimeoutSeconds = 0.5)]
        [assembly: ThriftBreaker.CircuitBreakerMethod(typeof(Shop.IStore<int>), "Find", FailMax = 2)]
        """,
        """
        [assembly: ThriftBreaker.CircuitBreaker(typeof(Shop.IStore<int>), Jitter = 0.25)]
        [assembly: ThriftBreaker.CircuitBreakerMethod(typeof(Shop.Returns), "f", FailMax = 3)]
        namespace Shop
        {
            public class Returns { public interface ISync { void f(); void g(); } }
            public interface IStore<T> { T Find(string? name = "a\tb"); }
        }
        """,
    ];

    [Fact]
    public void OrderOfTheFilesDoesNotMatter()
        => Assert.Equal(Texts(Project), Texts([.. Project.Reverse()]));

    /// <summary>
    /// The names of the files decide which of two attributes applies, not the order in which the compiler gets them.
    /// </summary>
    [Fact]
    public void OrderOfTheFilesDoesNotDecideWhichAttributeApplies()
    {
        string[] files =
        [
            "[assembly: ThriftBreaker.CircuitBreaker(typeof(Orders), FailMax = 2)]",
            "[assembly: ThriftBreaker.CircuitBreaker(typeof(Orders.IAsync), FailMax = 4)]",
            "public class Orders { public interface IAsync { void f(); } }",
            "[ThriftBreaker.CircuitBreaker(FailMax = 6)] public partial class Returns { public interface IAsync { void f(); } }",
            "[ThriftBreaker.CircuitBreaker(FailMax = 8)] public partial class Returns { }",
        ];
        var (forward, backward) = (GeneratorRun.Create(new GeneratorInput(files)), GeneratorRun.Create(new GeneratorInput(files) { IsReversed = true }));

        Assert.Equal(TextsByName(forward), TextsByName(backward));
        Assert.Equal(forward.Problems.Select(Report.From), backward.Problems.Select(Report.From));
        Assert.Contains("FailMax = 2", TextsByName(forward)[0].Text, StringComparison.Ordinal);
        Assert.Contains("FailMax = 6", TextsByName(forward)[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void LineEndingsOfTheUsersFilesDoNotMatter()
        => Assert.Equal(Texts(Project), Texts([.. Project.Select(static text => text.Replace("\n", "\r\n", StringComparison.Ordinal))]));

    /// <summary>
    /// Turkish has an I without a dot, Swedish a minus that is not a hyphen, Arabic its own digits; a custom culture
    /// has unusual number formats.
    /// </summary>
    [Theory]
    [InlineData("tr-TR")]
    [InlineData("sv-SE")]
    [InlineData("ar-SA")]
    [InlineData("outlandish")]
    public void CultureDoesNotMatter(string culture)
    {
        var expected = Texts(Project);
        var reports = Reports();
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = culture == "outlandish" ? Outlandish() : CultureInfo.GetCultureInfo(culture, predefinedOnly: true);
            Assert.Equal(expected, Texts(Project));
            Assert.Equal(reports, Reports());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void LinesEndWithALineFeedAndNoSpaces()
        => Assert.All(
            Texts(Project),
            static text =>
            {
                Assert.DoesNotContain('\r', text);
                Assert.EndsWith("}\n", text, StringComparison.Ordinal);
                Assert.All(text.Split('\n'), static line => Assert.Equal(line.TrimEnd(), line));
            });

    /// <summary>The diagnostics of an attribute with a wrong value for every setting and a misspelt method.</summary>
    private static (string Id, string Message, string Text)[] Reports()
        => [.. GeneratorRun.Create(
            """
            [ThriftBreaker.CircuitBreaker(FailMax = -1234, ResetTimeoutSeconds = -0.5, Jitter = 1234.5, MaxResetTimeoutSeconds = 0.25)]
            [ThriftBreaker.CircuitBreakerMethod("list_I", FailMax = 3)]
            public interface IInvoices { void LIST_i(); void list_ii(); int Item { get; init; } }
            """).Problems.Select(Report.From)];

    private static string[] Texts(string[] project) => [.. TextsByName(GeneratorRun.Create(project)).Select(static source => source.Text)];

    private static (string Name, string Text)[] TextsByName(GeneratorRun run)
        => [.. run.Sources.Select(static source => (source.HintName, source.SourceText.ToString())).OrderBy(static source => source.HintName, StringComparer.Ordinal)];

    private static CultureInfo Outlandish()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NegativeSign = "minus ";
        culture.NumberFormat.NumberGroupSeparator = ".";
        return culture;
    }
}
