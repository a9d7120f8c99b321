using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>Which types count as marked with the attribute, and how often.</summary>
public sealed class DiscoveryTests
{
    private const string Service = "public interface IAsync { System.Threading.Tasks.Task submit(); }";

    [Theory]
    [InlineData("")]
    [InlineData($"public partial class Orders {{ {Service} }}")]
    [InlineData($"class CircuitBreakerAttribute : System.Attribute {{ }} [CircuitBreaker] public partial class Orders {{ {Service} }}")]
    public void TypeWithoutTheAttributeIsIgnored(string text)
    {
        var run = GeneratorRun.Create(text);

        Assert.Empty(run.Sources);
        Assert.Empty(run.Problems);
        Assert.Empty(run.Result.Diagnostics);
    }

    [Theory]
    [InlineData("using Guard = ThriftBreaker.CircuitBreakerAttribute; [Guard]")]
    [InlineData("[global::ThriftBreaker.CircuitBreakerAttribute]")]
    [InlineData("using ThriftBreaker; [type: CircuitBreaker]")]
    [InlineData("using ThriftBreaker; [System.Serializable, CircuitBreaker()]")]
    public void AttributeIsFoundInEverySpelling(string attribute)
        => Assert.Single(GeneratorRun.Create($"{attribute} public partial class Orders {{ {Service} }}").Sources);

    [Fact]
    public void AttributesOnTwoPartsOfAClassGenerateOneClient()
    {
        var run = GeneratorRun.Create(
            $"[ThriftBreaker.CircuitBreaker(FailMax = 2)] public partial class Orders {{ {Service} }}",
            "[ThriftBreaker.CircuitBreaker(FailMax = 4)] public partial class Orders;");

        Assert.Contains("FailMax = 2", run.Text, StringComparison.Ordinal);
        Assert.Equal(
            ("TB0013", "'Orders' already has a [CircuitBreaker] attribute, and only the first one applies; write all its settings in that one", "ThriftBreaker.CircuitBreaker(FailMax = 4)"),
            Report.From(Assert.Single(run.Problems)));
    }

    [Fact]
    public void AttributeIsNotInherited()
        => Assert.Single(GeneratorRun.Create(
            """
            [ThriftBreaker.CircuitBreaker] public interface IOrders { void Submit(); }
            public interface IMoreOrders : IOrders { void SubmitMore(); }
            """).Sources);

    [Fact]
    public void EveryServiceOfAFileGetsAClient()
        => Assert.Equal(2, GeneratorRun.Create(
            """
            [ThriftBreaker.CircuitBreaker] public interface IOrders { void Submit(); }
            [ThriftBreaker.CircuitBreaker] public interface IReturns { void Submit(); }
            """).Sources.Length);
}
