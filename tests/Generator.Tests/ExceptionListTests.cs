using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>TB0008: Exclude, Ignore and FailOn must contain exceptions that the client can access.</summary>
public sealed class ExceptionListTests
{
    [Theory]
    [InlineData("typeof(int)", "'int', which is not an exception")]
    [InlineData("typeof(string[])", "'string[]', which is not an exception")]
    [InlineData("typeof(void)", "'void', which is not an exception")]
    [InlineData("typeof(System.IDisposable)", "'System.IDisposable', which is not an exception")]
    [InlineData("null!", "null, which is not an exception")]
    [InlineData("typeof(Fault<>)", "'Fault<>', which is an open generic type; no exception has that type")]
    [InlineData("typeof(System.Collections.Generic.List<>)", "'System.Collections.Generic.List<>', which is not an exception")]
    [InlineData("typeof(Local)", "'Local', which the generated client cannot see; make it internal or public")]
    [InlineData("typeof(Fault<Local>)", "'Fault<Local>', which the generated client cannot see; make it internal or public")]
    public void InvalidEntryIsReportedAndLeftOut(string entry, string what)
    {
        var list = $"Exclude = new System.Type[] {{ {entry}, typeof(System.TimeoutException) }}";
        var run = GeneratorRun.Create(
            $"[ThriftBreaker.CircuitBreaker({list})] public interface IOrders {{ void Submit(); }} public class Fault<T> : System.Exception {{ }} file class Local : System.Exception {{ }}");

        Assert.Equal(("TB0008", $"Exclude contains {what}", list), Report.From(Assert.Single(run.Problems)));
        Assert.Contains("Exclude = new global::System.Type[] { typeof(global::System.TimeoutException) } }", run.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Exclude")]
    [InlineData("Ignore")]
    [InlineData("FailOn")]
    public void NullListIsReportedAndLeftOut(string list)
    {
        var run = GeneratorRun.Create($"[ThriftBreaker.CircuitBreaker({list} = null!)] public interface IOrders {{ void Submit(); }}");

        Assert.Equal(("TB0008", $"{list} contains null, which is not an exception", $"{list} = null!"), Report.From(Assert.Single(run.Problems)));
        Assert.DoesNotContain(list + " =", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void PrivateExceptionIsAccessibleToAClientInTheSameType()
        => Assert.Empty(GeneratorRun.Create(Nested("partial")).Problems);

    [Fact]
    public void PrivateExceptionIsReportedForAClientOutsideOfItsType()
        => Assert.Equal("TB0008", Assert.Single(GeneratorRun.Create(Nested("")).Problems).Id);

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
