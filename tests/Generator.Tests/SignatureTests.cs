using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>Unusual signatures. Every run asserts that the client implements them without a warning.</summary>
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
    [InlineData("", "bool f(out CancellationToken token); void g(out CancellationToken token, CancellationToken other); Task h(out CancellationToken token);")]
    [InlineData("", "Task f(int Methods, int OrdersCircuitBreakerClient);")]
    [InlineData("", "void f(Renamed a = Renamed.New);")]
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
    [InlineData("", "void f(in int a, ref string b, out object? c, ref readonly System.Guid d); void g(in int a = 3, in string? b = null);")]
    [InlineData("", "ref int f(); ref readonly string? g(ref int a); ref Task h(); ref System.IAsyncResult i();")]
    [InlineData("", "ref System.Span<int> f(ref System.Span<int> a, scoped ref int b, scoped in int c, out System.Span<int> d, scoped System.Span<int> e);")]
    [InlineData("", "ref int f([System.Diagnostics.CodeAnalysis.UnscopedRef] out int a, ref int b);")]
    [InlineData("", "Task f(out int a, ref int b, in int c); Task<int> g(out string a, System.Span<int> b); ValueTask<int> h(out System.ReadOnlySpan<int> a);")]
    [InlineData("", "void f(dynamic a, in dynamic? b); Task<dynamic> g(dynamic a, dynamic[] b); dynamic? h();")]
    [InlineData("", "void f(System.TypedReference a); unsafe void g(nint a, System.Func<nuint> b);")]
    [InlineData("", "System.Collections.Generic.IAsyncEnumerable<int> f(); System.Collections.Generic.IAsyncEnumerable<string?>? g(in int a, params string[] b); System.Collections.Generic.IAsyncEnumerable<dynamic> h(dynamic a, CancellationToken b, CancellationToken c);")]
    [InlineData("", "System.Collections.Generic.IAsyncEnumerable<int> f(int client, int state, int token, int Rest, int Item3, int @event); System.Collections.Generic.IAsyncEnumerable<int> g(int state);")]
    [InlineData("", "System.Collections.Generic.IAsyncEnumerator<int> f(); ref System.Collections.Generic.IAsyncEnumerable<int> g(ref int a); Task<System.Collections.Generic.IAsyncEnumerable<int>> h();")]
    [InlineData("", "[return: System.Diagnostics.CodeAnalysis.MaybeNull] T f<T>(); [return: System.Diagnostics.CodeAnalysis.NotNull] string? g(); [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(\"a\")] string? h(string? a);")]
    [InlineData("", "bool f([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? a); bool g<T>(string a, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T b); void h([System.Diagnostics.CodeAnalysis.AllowNull] string a, [System.Diagnostics.CodeAnalysis.DisallowNull] string? b, [System.Diagnostics.CodeAnalysis.NotNull] string? c);")]
    [InlineData("", "[System.Diagnostics.CodeAnalysis.DoesNotReturn] void f(); void g([System.Diagnostics.CodeAnalysis.DoesNotReturnIf(true)] bool a);")]
    [InlineData("", "[return: System.Diagnostics.CodeAnalysis.MaybeNull] Task<string> f(); [return: System.Diagnostics.CodeAnalysis.NotNull] ValueTask<string>? g();")]
    [InlineData("", "void f(string a, [CallerMemberName] string b = \"\", [CallerLineNumber] int c = 0, [CallerFilePath] string? d = null, [CallerArgumentExpression(\"a\")] string? e = null);")]
    [InlineData("", "[System.Diagnostics.CodeAnalysis.Experimental(\"SHOP3\")] void f(); [System.Runtime.Versioning.SupportedOSPlatform(\"linux\"), System.Runtime.Versioning.SupportedOSPlatform(\"windows\")] void g();")]
    [InlineData("", "[System.Diagnostics.CodeAnalysis.RequiresUnreferencedCode(\"it looks\", Url = \"https://shop.example\")] void f<[System.Diagnostics.CodeAnalysis.DynamicallyAccessedMembers(System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes.PublicMethods | System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes.PublicFields)] T>([System.Diagnostics.CodeAnalysis.DynamicallyAccessedMembers(System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes.All)] System.Type a);")]
    [InlineData("", "void f<T>(T a); T f<T>(); void f<T, U>(T a, U b = default!); T? g<T>(T? a = default); Task<T?> h<T>(System.Collections.Generic.List<T?>? a);")]
    [InlineData("", "void a<T>() where T : class; void b<T>() where T : class?; void c<T>() where T : struct; void d<T>() where T : unmanaged; void e<T>() where T : notnull; void f<T>() where T : new(); void g<T>() where T : class, new();")]
    [InlineData("", "void a<T>() where T : System.IDisposable?; void b<T, U>() where T : U where U : Outer<T>.Inner<string?>?; void c<T>() where T : System.Enum; void d<T>() where T : System.Delegate, System.ICloneable; void e<T>() where T : notnull, System.IComparable<T>, new();")]
    [InlineData("#nullable disable\n", "void a<T>(T a) where T : class; T b<T>(T a = default); void c<T>() where T : Outer<string>, System.IDisposable; T d<T>() where T : class;")]
    [InlineData("", "void f<@class, @event>(@class a, @event b) where @class : @event;")]
    [InlineData("", "Task f<_calls, Service, Methods>(_calls a, Service b, Methods c);")]
    [InlineData("", "void f([Optional, DefaultParameterValue(1)] int a, int b); void g([Optional, DefaultParameterValue(1)] int a, int b, int c = 3); void h([Optional, DefaultParameterValue(1)] int a, params int[] b);")]
    [InlineData("", "void f([Optional, DefaultParameterValue(3)] object a); void g([Optional, DefaultParameterValue(1)] int a, [Optional, DefaultParameterValue(\"x\")] System.IComparable b, int c = 3); void h([Optional, DefaultParameterValue(null)] object? a);")]
    [InlineData("", "void f(Gone a = (Gone)1, Gone? b = (Gone)1); void g([System.Diagnostics.CodeAnalysis.StringSyntax(\"x\", (Gone)1)] string a);")]
    [InlineData("", "IShape f(); IShape? g(IShape a); ref IShape h(ref IShape a); Task<int> i(IShape? a); IShape[] j(); void k(out IShape a); IUnfinished l(); IFinished m();")]
    [InlineData("", "System.Collections.Generic.IAsyncEnumerable<int> f(IShape a); System.Collections.Generic.IAsyncEnumerable<int> g(IShape? a, int b, IFinished c, CancellationToken d); System.Collections.Generic.IAsyncEnumerable<int> h(in IShape Item3, IShape? Rest, int Item1);")]
    [InlineData("", "@record f<@record>(@record a, System.Collections.Generic.List<@record?>? b, @record[] c); @partial g<@partial>() where @partial : System.Collections.Generic.IEnumerable<@partial>; Task<@where> h<@where, @scoped>(@scoped a) where @where : class where @scoped : struct, System.IEquatable<@scoped>;")]
    [InlineData("", "@await f<@await, @var, @dynamic, @nint>(@var a, @dynamic b, @nint c); @required g<@required, @file, @field>(@file a, @field b) where @required : @file; ref @scoped h<@scoped>(ref @scoped a); @notnull i<@notnull, @unmanaged>(@unmanaged a) where @unmanaged : @notnull;")]
    public void AnySignatureIsImplementedWithoutAWarning(string first, string methods)
        => GeneratorRun.Create(
            $$"""
            {{first}}using System.Runtime.CompilerServices;
            using System.Runtime.InteropServices;
            using System.Threading;
            using System.Threading.Tasks;

            public enum Renamed { [System.Obsolete("use New", error: true)] Old = 1, New = 1 }
            public enum Gone { [System.Obsolete("gone", error: true)] One = 1 }
            public enum Wide : ulong { Most = ulong.MaxValue }

            public enum Signed : sbyte { Least = -128 }

            public interface IShape { static abstract IShape Make(); }
            public interface IUnfinished : IShape { }
            public interface IFinished : IShape { static IShape IShape.Make() => throw new System.NotImplementedException(); }

            public class Outer<T> { public class Inner<TInner> { } }

            [ThriftBreaker.CircuitBreaker]
            public interface IOrders { {{methods}} }
            """);

    [Theory]
    [InlineData("int f<result, error, ticket, ticket_>(result a, error b);")]
    [InlineData("System.Collections.Generic.IAsyncEnumerable<state> f<client, state, token>(client a, state b, token c);")]
    public void TypeParameterMayBeNamedLikeAVariableOfTheClient(string method)
        => GeneratorRun.Create(new GeneratorInput($"[ThriftBreaker.CircuitBreaker] public interface IOrders {{ {method} }}") { CompilerDiagnostics = ["CS8981"] });

    [Fact]
    public void ClientOfAServiceInAnObsoleteTypeIsObsolete()
        => GeneratorRun.Create("[System.Obsolete(\"gone\", true)] public class Contracts { [ThriftBreaker.CircuitBreaker] public interface IOrders { void Submit(); } }");
}
