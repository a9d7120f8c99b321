using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>Odd signatures. That the client implements them without a warning is what every run asserts.</summary>
public sealed class SignatureTests
{
    [Theory]
    [InlineData("#nullable disable\n", "void f(string text = null, object thing = null);")]
    [InlineData("#nullable disable\n", "string f(System.Collections.Generic.List<string> items, string[] array);")]
    [InlineData("", "void f(string text = null!);")]
    [InlineData("", "void f([Optional] int number);")]
    [InlineData("", "void f([Optional] int first, [Optional] string? second, int third = 3);")]
    [InlineData("", "void f([Optional, DateTimeConstant(5)] System.DateTime first, int second = 2);")]
    [InlineData("", "void f([Optional, DefaultParameterValue(3)] int first, [Optional, DecimalConstant(0, 0, 0, 0, 5)] decimal second);")]
    [InlineData("", "void f(double a = -0.0, double b = double.Epsilon, double c = double.MaxValue, float d = float.MinValue, decimal e = decimal.MinValue);")]
    [InlineData("", "void f(long a = long.MinValue, ulong b = ulong.MaxValue, int c = int.MinValue, sbyte d = -1, uint e = 5, short g = -2, nint h = -3, nuint i = 4);")]
    [InlineData("", "void f(string a = \"\\0\\ud800\\u2028\\\\\", char b = '\\ud800', char c = '\\\\', char d = '\"');")]
    [InlineData("", "void f(Wide a = Wide.Most, Signed b = Signed.Least, Signed? c = Signed.Least, Wide d = 0);")]
    [InlineData("", "void f(CancellationToken first, CancellationToken second = default);")]
    [InlineData("", "void f(CancellationToken? maybe = null);")]
    [InlineData("", "[System.Obsolete(null)] void f(); [System.Obsolete(null, false)] void g();")]
    [InlineData("", "Task<Task<int>> f(); ValueTask<ValueTask> g(); Task<int>[] h(); ValueTask<int>? i();")]
    [InlineData("", "Task<string>? f(); Task? g(string? text);")]
    [InlineData("", "dynamic f(); Task<dynamic> g(System.Collections.Generic.List<dynamic?> items);")]
    [InlineData("", "int f(System.ReadOnlySpan<byte> bytes); System.Span<int> g();")]
    [InlineData("", "int f(scoped System.ReadOnlySpan<byte> bytes);")]
    [InlineData("", "Task f(int a, int b, int c, int d, int e, int g, int h, int i, int j, CancellationToken token);")]
    [InlineData("", "(int Number, string? Name) f((int, (string Inner, object?)) pair);")]
    [InlineData("", "System.Collections.Generic.Dictionary<string, System.Func<int?, string[]?, Outer<int>.Inner<string?>>> f();")]
    [InlineData("", "int[,][]? f(int?[][,] arrays);")]
    public void AnySignatureIsImplementedWithoutAWarning(string first, string methods)
        => GeneratorRun.Of(
            $$"""
            {{first}}using System.Runtime.CompilerServices;
            using System.Runtime.InteropServices;
            using System.Threading;
            using System.Threading.Tasks;

            public enum Wide : ulong { Most = ulong.MaxValue }

            public enum Signed : sbyte { Least = -128 }

            public class Outer<T> { public class Inner<TInner> { } }

            [ThriftBreaker.CircuitBreaker]
            public interface IOrders { {{methods}} }
            """);

    [Fact]
    public void AnObsoleteTypeAroundTheServiceMakesTheClientObsolete()
        => GeneratorRun.Of("[System.Obsolete(\"gone\", true)] public class Contracts { [ThriftBreaker.CircuitBreaker] public interface IOrders { void Submit(); } }");
}
