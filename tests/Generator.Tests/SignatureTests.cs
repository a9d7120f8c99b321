using Microsoft.CodeAnalysis;
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
    [InlineData("", "void f(CancellationToken? maybe = null); Task g(int a, CancellationToken? maybe); Task h(in CancellationToken? maybe, int token); void i(ref CancellationToken? maybe); System.Collections.Generic.IAsyncEnumerable<int> j(CancellationToken? _, int b);")]
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

    /// <summary>
    /// The client has the same optional parameters as the interface, with the same values; attributes can give them to
    /// any parameter.
    /// </summary>
    [Theory]
    [InlineData("void f([Optional] int a);", "f()")]
    [InlineData("Task<int> f([Optional] int a, [Optional] CancellationToken b);", "f()")]
    [InlineData("Task<int> f([Optional] int a, CancellationToken b = default);", "f()")]
    [InlineData("void f([Optional] int a, [Optional] string? b, int c = 3);", "f()")]
    [InlineData("void f([Optional, DefaultParameterValue(1)] int a, int b);", "f(b: 2)")]
    [InlineData("void f([Optional, DefaultParameterValue(1)] int? a, [Optional, DefaultParameterValue(2L)] long b, int c);", "f(c: 2)")]
    [InlineData("void f([Optional, DefaultParameterValue(double.NaN)] double a, [Optional, DefaultParameterValue(-1f)] float b, [Optional, DefaultParameterValue(sbyte.MinValue)] sbyte c, int d);", "f(d: 2)")]
    [InlineData("void f([Optional, DefaultParameterValue('\\ud800')] char a, [Optional, DefaultParameterValue(true)] bool b, [Optional, DefaultParameterValue(ulong.MaxValue)] ulong c, int d);", "f(d: 2)")]
    [InlineData("void f([Optional, DefaultParameterValue(Color.Green)] Color a, [Optional, DefaultParameterValue((Color)7)] Color b, int c);", "f(c: 2)")]
    [InlineData("void f([Optional, DefaultParameterValue(\"x\\n\")] string a, [Optional, DefaultParameterValue(null)] string? b, int c);", "f(c: 2)")]
    [InlineData("void f([Optional] object a, [Optional, DefaultParameterValue(null)] object? b, int c);", "f(c: 2)")]
    [InlineData("void f([Optional, DefaultParameterValue(3)] object a, [Optional, DefaultParameterValue(3L)] object b, [Optional, DefaultParameterValue(\"x\")] System.IComparable c);", "f()")]
    [InlineData("void f([Optional, DecimalConstant(1, 1, 4, 3, 2)] decimal a, [Optional, DecimalConstant(0, 0, 0u, 0u, 4294967295u)] decimal b, int c);", "f(c: 2)")]
    [InlineData("void f([Optional, DateTimeConstant(630822816000000000)] System.DateTime a, int b = 2);", "f()")]
    [InlineData("void f([Optional] System.Guid a, [Optional] Color b, [Optional] int? c, params int[] d);", "f()")]
    [InlineData("void f<T>([Optional] T a, int b);", "f<string>(b: 2)")]
    [InlineData("void f([Optional, DefaultParameterValue(null), CallerMemberName] string? a, [CallerLineNumber, Optional, DefaultParameterValue(0)] int b, int c);", "f(c: 2)")]
    [InlineData("int this[int a, [Optional] int b, [Optional, DefaultParameterValue(5)] int c] { get; }", "[1]")]
    public void OptionalParametersAreThoseOfTheInterface(string member, string call)
    {
        const string Declarations = "using System.Runtime.CompilerServices; using System.Runtime.InteropServices; using System.Threading; using System.Threading.Tasks; public enum Color { Red, Green }\n";
        var isCall = call[0] == 'f';
        var use = isCall ? "." + call : call;
        var input = new GeneratorInput(
            Declarations + $"[ThriftBreaker.CircuitBreaker] public interface IOrders {{ void g(); {member} }}",
            $"public static class Use {{ public static void Through(IOrders client) {{ {(isCall ? "" : "_ = ")}client{use}; }} }}");
        var run = GeneratorRun.Create(input);
        var project = input.Compile().AddSyntaxTrees(run.Sources.Select(static source => source.SyntaxTree)).AddSyntaxTrees(
            input.File($"public static class Direct {{ public static void On(OrdersCircuitBreakerClient client) {{ {(isCall ? "" : "_ = ")}client{use}; }} }}", 9));

        Assert.Empty(project.GetDiagnostics(TestContext.Current.CancellationToken).Where(static problem => problem.Severity >= DiagnosticSeverity.Warning));
        Assert.Equal(Values(project.GetTypeByMetadataName("IOrders")!), Values(project.GetTypeByMetadataName("OrdersCircuitBreakerClient")!));

        static IEnumerable<(string, bool, object?)> Values(INamedTypeSymbol type)
            => type.GetMembers()
                .Where(static each => each is IMethodSymbol { Name: "f", MethodKind: MethodKind.Ordinary } or IPropertySymbol { IsIndexer: true })
                .SelectMany(static each => each is IMethodSymbol method ? method.Parameters : ((IPropertySymbol)each).Parameters)
                .Select(static parameter => (parameter.Name, parameter.IsOptional, parameter.HasExplicitDefaultValue ? parameter.ExplicitDefaultValue : "none"));
    }

    /// <summary>
    /// A client that returns a task returns in any case: what fails is in the task. The warnings are disabled in
    /// generated code.
    /// </summary>
    [Theory]
    [InlineData("[DoesNotReturn] Task f();", "DoesNotReturn", "CS8770")]
    [InlineData("[DoesNotReturn] Task<int> f(int a, in int b);", "DoesNotReturn", "CS8770")]
    [InlineData("[DoesNotReturn] ValueTask f();", "DoesNotReturn", "CS8770")]
    [InlineData("[DoesNotReturn] ValueTask<int> f(System.Span<int> a);", "DoesNotReturn", "CS8770")]
    [InlineData("[DoesNotReturn] System.Collections.Generic.IAsyncEnumerable<int> f();", "DoesNotReturn", "CS8770")]
    [InlineData("Task f([DoesNotReturnIf(true)] bool a);", "DoesNotReturnIf", null)]
    [InlineData("ValueTask<int> f([NotNull] string? a);", "NotNull", "CS8767")]
    public void TaskMethodPromisesNothingAboutTheCodeAfterIt(string method, string attribute, string? warning)
        => Assert.DoesNotContain(
            $".{attribute}",
            GeneratorRun.Create(new GeneratorInput(Promising(method)) { CompilerDiagnostics = warning is null ? [] : [warning] }).Text,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("[DoesNotReturn] void f();", "DoesNotReturn]")]
    [InlineData("void f([DoesNotReturnIf(true)] bool a);", "DoesNotReturnIf(true)]")]
    [InlineData("int f([NotNull] string? a);", "NotNull]")]
    [InlineData("[return: NotNull] Task<string>? f();", "[return: global::System.Diagnostics.CodeAnalysis.NotNull]")]
    public void SynchronousMethodPromisesWhatTheInterfaceDoes(string method, string attribute)
        => Assert.Contains(attribute, GeneratorRun.Create(Promising(method)).Text, StringComparison.Ordinal);

    private static string Promising(string method)
        => $"using System.Diagnostics.CodeAnalysis; using System.Threading.Tasks; [ThriftBreaker.CircuitBreaker] public interface IOrders {{ {method} }}";

    /// <summary>The user's error is reported once, on the user's line.</summary>
    [Theory]
    [InlineData("void f([System.Obsolete] int a);", "CS0592")]
    [InlineData("void f<[System.Obsolete] T>();", "CS0592")]
    [InlineData("[return: System.Obsolete] int f();", "CS0592")]
    [InlineData("void f([System.Diagnostics.CodeAnalysis.DoesNotReturn] int a);", "CS0592")]
    [InlineData("[System.Diagnostics.CodeAnalysis.NotNullWhen(true)] bool f();", "CS0592")]
    [InlineData("[System.Diagnostics.CodeAnalysis.StringSyntax(\"x\")] event System.Action e;", "CS0592")]
    [InlineData("[System.Runtime.CompilerServices.CallerMemberName] string f();", "CS0592")]
    [InlineData("int this[[System.Runtime.Versioning.SupportedOSPlatform(\"linux\")] int a] { get; }", "CS0592")]
    [InlineData("[System.Obsolete, System.Obsolete(\"gone\")] void f();", "CS0579")]
    [InlineData("void f([System.Diagnostics.CodeAnalysis.NotNull, System.Diagnostics.CodeAnalysis.NotNull] string? a);", "CS0579")]
    public void WrongUseOfAnAttributeIsNotRepeated(string member, string error)
        => GeneratorRun.Create(new GeneratorInput($"[ThriftBreaker.CircuitBreaker] public interface IOrders {{ void g(); {member} }}") { CompilerDiagnostics = [error] });

    /// <summary>
    /// Two references declare a type of the framework, as libraries for older frameworks do: the compiler accepts
    /// neither.
    /// </summary>
    [Theory]
    [InlineData("namespace System.CodeDom.Compiler { public class GeneratedCodeAttribute : System.Attribute { public GeneratedCodeAttribute(string a, string b) { } } }", "GeneratedCode(")]
    [InlineData("namespace System.Diagnostics.CodeAnalysis { public class ExcludeFromCodeCoverageAttribute : System.Attribute { } }", "ExcludeFromCodeCoverage")]
    [InlineData("namespace System.Threading.Tasks { public struct ValueTask { } }", "DisposeAsync")]
    [InlineData("namespace System { public interface IAsyncDisposable { } }", "DisposeAsync")]
    [InlineData("namespace System.Diagnostics.CodeAnalysis { public class NotNullAttribute : System.Attribute { } }", ".NotNull]")]
    public void TypeOfTwoReferencesIsNotNamed(string polyfill, string text)
    {
        const string Service = "public interface IOrders { void f([System.Diagnostics.CodeAnalysis.NotNull] object? a); }";
        var service = new GeneratorInput(Service).Compile().WithAssemblyName("Contracts").ToMetadataReference();
        const string Attribute = "[assembly: ThriftBreaker.CircuitBreaker(typeof(IOrders))]";

        Assert.Contains(text, GeneratorRun.Create(new GeneratorInput(Attribute) { AdditionalReference = service }).Text, StringComparison.Ordinal);
        var input = new GeneratorInput(Attribute) { Elsewhere = [polyfill], AdditionalReference = service, CompilerDiagnostics = text == ".NotNull]" ? ["CS8767"] : [] };
        Assert.DoesNotContain(text, GeneratorRun.Create(input).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("internal", new string[0])]
    [InlineData("public", new[] { "old" })]
    public void TypeThatCannotBeSeenIsNotAmbiguous(string accessibility, string[] aliases)
        => Assert.Contains(
            "GeneratedCode(",
            GeneratorRun.Create(new GeneratorInput("[ThriftBreaker.CircuitBreaker] public interface IOrders { void f(); }")
            {
                Elsewhere = [$"namespace System.CodeDom.Compiler {{ {accessibility} class GeneratedCodeAttribute : System.Attribute {{ }} }}"],
                Aliases = aliases,
            }).Text,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("int f<result, error, ticket, ticket_>(result a, error b);")]
    [InlineData("System.Collections.Generic.IAsyncEnumerable<state> f<client, state, token>(client a, state b, token c);")]
    public void TypeParameterMayBeNamedLikeAVariableOfTheClient(string method)
        => GeneratorRun.Create(new GeneratorInput($"[ThriftBreaker.CircuitBreaker] public interface IOrders {{ {method} }}") { CompilerDiagnostics = ["CS8981"] });

    [Fact]
    public void ClientOfAServiceInAnObsoleteTypeIsObsolete()
        => GeneratorRun.Create("[System.Obsolete(\"gone\", true)] public class Contracts { [ThriftBreaker.CircuitBreaker] public interface IOrders { void Submit(); } }");
}
