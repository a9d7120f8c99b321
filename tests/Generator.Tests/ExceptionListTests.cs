using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>TB0008: what stands in Exclude, Ignore and FailOn must be exceptions that the client can see.</summary>
public sealed class ExceptionListTests
{
    [Theory]
    [InlineData("typeof(int)", "'int', which is no exception")]
    [InlineData("typeof(string[])", "'string[]', which is no exception")]
    [InlineData("typeof(void)", "'void', which is no exception")]
    [InlineData("typeof(System.IDisposable)", "'System.IDisposable', which is no exception")]
    [InlineData("null!", "null, which is no exception")]
    [InlineData("typeof(Fault<>)", "'Fault<>', which is open; no exception is of that type")]
    [InlineData("typeof(System.Collections.Generic.List<>)", "'System.Collections.Generic.List<>', which is no exception")]
    [InlineData("typeof(Local)", "'Local', which the generated client cannot see; make it internal or public")]
    [InlineData("typeof(Fault<Local>)", "'Fault<Local>', which the generated client cannot see; make it internal or public")]
    public void AnEntryThatCannotBeUsedIsReportedAndLeftOut(string entry, string what)
    {
        var list = $"Exclude = new System.Type[] {{ {entry}, typeof(System.TimeoutException) }}";
        var run = GeneratorRun.Of(
            $"[ThriftBreaker.CircuitBreaker({list})] public interface IOrders {{ void Submit(); }} public class Fault<T> : System.Exception {{ }} file class Local : System.Exception {{ }}");

        Assert.Equal(("TB0008", $"Exclude holds {what}", list), Report.Of(Assert.Single(run.Problems)));
        Assert.Contains("Exclude = new global::System.Type[] { typeof(global::System.TimeoutException) } }", run.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Exclude")]
    [InlineData("Ignore")]
    [InlineData("FailOn")]
    public void AListThatIsNullIsReportedAndLeftOut(string list)
    {
        var run = GeneratorRun.Of($"[ThriftBreaker.CircuitBreaker({list} = null!)] public interface IOrders {{ void Submit(); }}");

        Assert.Equal(("TB0008", $"{list} holds null, which is no exception", $"{list} = null!"), Report.Of(Assert.Single(run.Problems)));
        Assert.DoesNotContain(list + " =", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void APrivateExceptionIsSeenByAClientInTheSameType()
        => Assert.Empty(GeneratorRun.Of(Nested("partial")).Problems);

    [Fact]
    public void APrivateExceptionIsNotSeenByAClientOutsideOfItsType()
        => Assert.Equal("TB0008", Assert.Single(GeneratorRun.Of(Nested("")).Problems).Id);

    private static string Nested(string modifier)
        => $$"""
        public {{modifier}} class Outer
        {
            private class Secret : System.Exception { }

            [ThriftBreaker.CircuitBreaker(Exclude = new[] { typeof(Secret) })]
            public interface IOrders { void Submit(); }
        }
        """;
}
