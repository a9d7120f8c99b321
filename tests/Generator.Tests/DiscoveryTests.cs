using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>Which types are taken for marked, and how often.</summary>
public sealed class DiscoveryTests
{
    private const string Service = "public interface IAsync { System.Threading.Tasks.Task submit(); }";

    [Theory]
    [InlineData("")]
    [InlineData($"public partial class Orders {{ {Service} }}")]
    [InlineData($"class CircuitBreakerAttribute : System.Attribute {{ }} [CircuitBreaker] public partial class Orders {{ {Service} }}")]
    public void WithoutOurMarkNothingIsWrittenAndNothingIsSaid(string text)
    {
        var run = GeneratorRun.Of(text);

        Assert.Empty(run.Sources);
        Assert.Empty(run.Problems);
        Assert.Empty(run.Result.Diagnostics);
    }

    [Theory]
    [InlineData("using Guard = ThriftBreaker.CircuitBreakerAttribute; [Guard]")]
    [InlineData("[global::ThriftBreaker.CircuitBreakerAttribute]")]
    [InlineData("using ThriftBreaker; [type: CircuitBreaker]")]
    [InlineData("using ThriftBreaker; [System.Serializable, CircuitBreaker()]")]
    public void TheMarkIsFoundHoweverItIsWritten(string mark)
        => Assert.Single(GeneratorRun.Of($"{mark} public partial class Orders {{ {Service} }}").Sources);

    [Fact]
    public void AMarkOnTwoPartsOfAClassWritesOneClient()
    {
        var run = GeneratorRun.Of(
            $"[ThriftBreaker.CircuitBreaker(FailMax = 2)] public partial class Orders {{ {Service} }}",
            "[ThriftBreaker.CircuitBreaker(FailMax = 4)] public partial class Orders;");

        Assert.Contains("FailMax = 2", run.Text, StringComparison.Ordinal);
        Assert.Equal(
            ("TB0013", "'Orders' already has a [CircuitBreaker] attribute, and only the first one applies; write all its settings in that one", "ThriftBreaker.CircuitBreaker(FailMax = 4)"),
            Report.Of(Assert.Single(run.Problems)));
    }

    [Fact]
    public void AMarkIsNotInherited()
        => Assert.Single(GeneratorRun.Of(
            """
            [ThriftBreaker.CircuitBreaker] public interface IOrders { void Submit(); }
            public interface IMoreOrders : IOrders { void SubmitMore(); }
            """).Sources);

    [Fact]
    public void EveryMarkedServiceOfAFileGetsAClient()
        => Assert.Equal(2, GeneratorRun.Of(
            """
            [ThriftBreaker.CircuitBreaker] public interface IOrders { void Submit(); }
            [ThriftBreaker.CircuitBreaker] public interface IReturns { void Submit(); }
            """).Sources.Length);
}
