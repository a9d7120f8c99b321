using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ThriftBreaker.Generator.Caching;
using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>
/// A service is parsed again when a declaration changes, and not when a body changes. After any edit of another file,
/// the client must equal that of a generator without a cache.
/// </summary>
public sealed class DeclarationCacheTests
{
    private const string Marked = """
        #nullable enable
        using System;
        using System.Threading.Tasks;
        namespace Shop
        {
            [ThriftBreaker.CircuitBreaker(FailMax = Limits.Most, Ignore = new[] { typeof(Lost) })]
            public interface IOrders : IBase
            {
                Task<Item?> Find(Item item, Color color = Color.Red);
            }
        }
        """;

    private const string Other = """
        #nullable enable
        namespace Shop
        {
            public static class Limits { public const int Most = 3; public static int Count() => 1; private static string _text = "a"; public static int Number { get; } = 1; }
            public class Item { public int Number; }
            public enum Color { Red, Green }
            public interface IBase { void Ping(); }
            public class Lost : System.Exception { }
        }
        """;

    public static TheoryData<string, string> Changes => new()
    {
        { "Most = 3", "Most = 4" },
        { "public class Item { public int Number; }", "public struct Item { public int Number; }" },
        { "public class Item { public int Number; }", "[System.Obsolete] public class Item { }" },
        { "public class Item { public int Number; }", "} namespace Other { public class Item { }" },
        { "{ Red, Green }", "{ Green, Red }" },
        { "{ Red, Green }", "{ Crimson, Green }" },
        { "void Ping();", "void Ping(int number);" },
        { "void Ping();", "[System.Obsolete] void Ping();" },
        { "void Ping();", "void Ping(); string Name();" },
        { "void Ping();", "#nullable disable\nstring Ping();\n" },
        { "namespace Shop", "namespace Shop { public class Task<T> { } } namespace Shop" },
        { "namespace Shop", "namespace Shop { public class Exception : System.Exception { } } namespace Shop" },
        { "#nullable enable", "#nullable enable\nglobal using Item = System.String;\n" },
        { "Lost : System.Exception", "Lost" },
        { "public class Lost", "public abstract class Lost" },
        { "public interface IBase", "[ThriftBreaker.CircuitBreaker] public interface IBase" },
        { "interface IBase", "interface IDeep { void Dig(); } public interface IBase : IDeep" },
    };

    /// <summary>Edits of declarations that no client depends on.</summary>
    public static TheoryData<string, string> OtherChanges => new()
    {
        { "Count() => 1;", "Count() { return 1; }" },
        { "Count() => 1;", "Count() => 1; private static string _name = \"\"; public static void More(int number) { }" },
        { "public int Number;", "public int Number { get; set; } /* a property */" },
    };

    public static TheoryData<string, string> Bodies => new()
    {
        { "Count() => 1", "Count() => 2" },
        { "_text = \"a\"", "_text = \"b\" + Count()" },
        { "{ get; } = 1", "{ get; } = Count()" },
        { "public class Item { public int Number; }", "public class Item { public int Number; /* a comment */ }" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    [MemberData(nameof(OtherChanges))]
    [MemberData(nameof(Bodies))]
    public void ClientAfterAnyEditEqualsThatOfAFreshGenerator(string before, string after)
        => Assert.Equal(Fresh(Other.Replace(before, after, StringComparison.Ordinal)), Edited(before, after).Texts);

    [Theory]
    [MemberData(nameof(Bodies))]
    public void EditOfABodyIsCached(string before, string after)
        => Assert.True(Edited(before, after).IsCached);

    /// <summary>Around the edited body are directives and declarations of all kinds.</summary>
    [Theory]
    [InlineData("class A { void f() { §; } }")]
    [InlineData("#define X\nclass A {\n#if X\n void f() { §; }\n#else\n void g() { }\n#endif\n }")]
    [InlineData("#if DEBUG\n#nullable disable\n#endif\nclass A { void f() { §; }\n#nullable enable\n string? g() => null; }")]
    [InlineData("class A { A() : this(1) { §; } A(int a) { } ~A() { §; } }")]
    [InlineData("class A { int P { get { return §; } set => System.Console.Write(§); } int Q => §; int this[int i] => §; }")]
    [InlineData("class A { event System.Action E { add { §; } remove { } } event System.Action? F = () => { §; }; }")]
    [InlineData("class A { static int a = §, b = 2; readonly int c = §; int P { get; set; } = §; System.Func<int> f = () => §; }")]
    [InlineData("class A { public static A operator +(A a, A b) => §; public static implicit operator int(A a) { return §; } }")]
    [InlineData("class A { void f() { int g() => §; System.Action h = delegate { §; }; const int i = §; } }")]
    [InlineData("interface I { void f() { §; } int P => §; static int Q { get; } = §; }")]
    [InlineData("record R(int A) { public int B { get; init; } = §; } record struct S { public void f() => §; }")]
    [InlineData("class A\n{\n#nullable disable\n void f() {\n#nullable enable\n §;\n#nullable restore\n }\n string g() => \"\";\n}")]
    [InlineData("/* comment */ class A { // §\n void f() { } /* § */ }")]
    [InlineData("class A { void f() { §")]
    public void EditOfABodyInAnyFileIsCached(string file)
        => Assert.True(Run(file.Replace("§", "1", StringComparison.Ordinal), file.Replace("§", "2 + 3", StringComparison.Ordinal), Marked + Other).IsCached);

    [Fact]
    public void EditOfATopLevelStatementIsCached()
        => Assert.True(Run("System.Console.Write(1); class A { }", "var a = 2; System.Console.Write(a); await System.Threading.Tasks.Task.Yield(); class A { }", Marked + Other).IsCached);

    [Theory]
    [InlineData("class A { const int B = §; }")]
    [InlineData("class A { const string B = $\"a{nameof(A)}§\"; }")]
    [InlineData("class A { void f(int a = §) { } }")]
    [InlineData("class A { void f() { } [System.Obsolete(\"§\")] int g() => 1; }")]
    [InlineData("enum A { B = § }")]
    [InlineData("delegate void A(int a = §);")]
    [InlineData("record A(int B = §);")]
    [InlineData("unsafe struct A { fixed int B[§]; }")]
    [InlineData("class A { int this[int a = §] { get => 1; } }")]
    [InlineData("[assembly: System.Reflection.AssemblyTitle(\"§\")] class A { }")]
    [InlineData("class A { int P { [System.Obsolete(\"§\")] get => 1; } }")]
    [InlineData("class A<[System.Obsolete(\"§\")] T> { }")]
    [InlineData("// <auto-generated>§</auto-generated>\nclass A { }")]
    public void EditOfAConstantIsNotCached(string file)
        => Assert.False(Run(file.Replace("§", "1", StringComparison.Ordinal), file.Replace("§", "2", StringComparison.Ordinal), Marked + Other).IsCached);

    /// <summary>
    /// The text of all tokens outside of bodies is equal; the parser drops the bracket, and the modifier with it.
    /// </summary>
    [Theory]
    [InlineData("public ) interface IBase { }", "public interface IBase { }")]
    [InlineData("class A { void f(); }", "class A { void f() { } }")]
    [InlineData("class A { void f() { }\n#nullable disable\n void g() { } }", "class A {\n#nullable disable\n void f() { } void g() { } }")]
    [InlineData("class A { void f() {\n#nullable disable\n } void g() { } }", "class A { void f() { } void g() {\n#nullable disable\n } }")]
    [InlineData("class A { }", "System.Console.Write(); class A { }")]
    [InlineData("#if X\n#nullable disable\n#endif\nclass A { }", "#if !X\n#nullable disable\n#endif\nclass A { }")]
    [InlineData("class A { int P { get; } }", "class A { int P => 1; }")]
    public void EditOfTheStructureIsNotCached(string before, string after)
        => Assert.False(Run(before, after, Marked + Other).IsCached);

    /// <summary>In a file that counts as generated, types without a directive have no annotations.</summary>
    [Theory]
    [InlineData("// <auto-generated/>\n")]
    [InlineData("/* <autogenerated> */\n")]
    public void CommentThatMakesAFileGeneratedIsNotCached(string comment)
    {
        const string Base = "public interface IBase { string Ping(); }";
        const string Service = "[ThriftBreaker.CircuitBreaker] public interface IOrders : IBase { }";

        Assert.NotEqual(Fresh(Base, Service), Fresh(comment + Base, Service));
        Assert.Equal(Fresh(comment + Base, Service), Run(Base, comment + Base, Service).Texts);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void EditOfADeclarationIsNotCached(string before, string after)
        => Assert.False(Edited(before, after).IsCached);

    [Fact]
    public void NameThatBecomesAMethodIsParsedAgain()
    {
        const string Bypassed = "[ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreakerMethod(nameof(Helper.Ping), Bypass = true)] public interface IOrders { void Ping(); void Send(); }";
        var edited = Run("class Helper { }", "class Helper { public void Ping() { } }", Bypassed);

        Assert.Equal(Fresh("class Helper { public void Ping() { } }", Bypassed), edited.Texts);
    }

    /// <summary>An error in a signature can become correct by an edit of a member of another class.</summary>
    [Theory]
    [InlineData("void f(string a = nameof(Helper.Ping));", "class Helper { }", "class Helper { public void Ping() { } }")]
    [InlineData("void f(string a = nameof(Helper.Deep.Length));", "class Helper { public static int Deep = 3; }", "class Helper { public static string Deep = string.Empty; }")]
    [InlineData("void f(int a = Helper.Most);", "class Base { public const int Most = 3; } class Helper : Base { public static new int Most() => 4; }", "class Base { public const int Most = 3; } class Helper : Base { }")]
    [InlineData("void f(int? a = Helper.Most);", "class Base { public const int Most = 3; } class Helper : Base { public static new int Most() => 4; }", "class Base { public const int Most = 3; } class Helper : Base { }")]
    [InlineData("int this[string a = nameof(Helper.Ping)] { get; }", "class Helper { }", "class Helper { public void Ping() { } }")]
    [InlineData("[System.Obsolete(nameof(Helper.Ping))] void f();", "class Helper { }", "class Helper { public void Ping() { } }")]
    [InlineData("void f([System.Runtime.CompilerServices.CallerArgumentExpression(nameof(Helper.a))] string? b = null, string? a = null);", "class Helper { }", "class Helper { public int a; }")]
    [InlineData("[return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(Helper.a))] string? f(string? a);", "class Helper { }", "class Helper { public int a; }")]
    [InlineData("int P { [System.Obsolete(nameof(Helper.Ping))] get; }", "class Helper { }", "class Helper { public void Ping() { } }")]
    [InlineData("void f<[System.Diagnostics.CodeAnalysis.DynamicallyAccessedMembers(Helper.All)] T>();", "class Base { public const System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes All = (System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes)(-1); } class Helper : Base { public static new int All() => 4; }", "class Base { public const System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes All = (System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes)(-1); } class Helper : Base { }")]
    public void ErrorInASignatureIsParsedAgain(string member, string before, string after)
    {
        foreach (var attribute in new[] { "[ThriftBreaker.CircuitBreaker] ", "[assembly: ThriftBreaker.CircuitBreaker(typeof(IOrders))] " })
        {
            foreach (var service in new[] { $"{attribute} public interface IOrders {{ void g(); {member} }}", $"{attribute} public interface IOrders : IBase {{ void g(); }} public interface IBase {{ {member} }}" })
            {
                Assert.Equal(Fresh(after, service), Run(before, after, service).Texts);
            }
        }
    }

    [Theory]
    [InlineData("public System.Runtime.CompilerServices.TaskAwaiter GetAwaiter() => default;")]
    [InlineData("public System.Collections.Generic.IAsyncEnumerator<int> GetAsyncEnumerator() => null!;")]
    public void AwaiterOfAResultIsParsedAgain(string member)
    {
        const string Service = "[ThriftBreaker.CircuitBreaker] public interface IOrders { void f(); Later g(); }";
        var (before, after) = ("public class Later { }", $"public class Later {{ {member} }}");

        Assert.Equal(Fresh(after, Service), Run(before, after, Service).Texts);
        Assert.Equal(Fresh(before, Service), Run(after, before, Service).Texts);
    }

    /// <summary>
    /// Members with the name of a client, and the Thrift client, can change in another part of the class.
    /// </summary>
    [Theory]
    [InlineData("", "public int CircuitBreakerClient => 3;")]
    [InlineData("", "public static event System.Action CircuitBreakerClient { add { } remove { } }")]
    [InlineData("", "public static event System.Action? CircuitBreakerClient;")]
    [InlineData("", "private int _a, CircuitBreakerClient;")]
    [InlineData("", "private void CircuitBreakerClient() { }")]
    [InlineData("public Client(TProtocol protocol) : base(protocol, protocol) { }", "public Client(TProtocol protocol, int number) : base(protocol, protocol) { }")]
    [InlineData("public Client(TProtocol protocol) : base(protocol, protocol) { }", "public Client(TProtocol protocol) : base(protocol, protocol) { } public required int Number { get; set; }")]
    [InlineData("public Client(TProtocol protocol) : base(protocol, protocol) { }", "public Client(TProtocol protocol) : base(protocol, protocol) { } public required int Number;")]
    [InlineData("public Client(TProtocol protocol) : base(protocol, protocol) { }", "[System.Obsolete] public Client(TProtocol protocol) : base(protocol, protocol) { }")]
    [InlineData("public Client(TProtocol protocol) : base(protocol, protocol) { }", "public Client(TProtocol protocol) : base(protocol, protocol) { } public void f(string a) { }")]
    [InlineData("public Client(TProtocol protocol) : base(protocol, protocol) { } public Task f(int a) => Task.CompletedTask;", "public Client(TProtocol protocol) : base(protocol, protocol) { } Task IAsync.f(int a) => Task.CompletedTask;")]
    public void MembersAroundAClientAreParsedAgain(string before, string after)
    {
        const string Service = "using System.Threading.Tasks; [ThriftBreaker.CircuitBreaker] public partial class Orders { public interface IAsync { Task f(int a); } }";

        Assert.Equal(Fresh(Part(after), Service), Run(Part(before), Part(after), Service).Texts);
        Assert.Equal(Fresh(Part(before), Service), Run(Part(after), Part(before), Service).Texts);

        static string Part(string members)
        {
            const string Usings = "using System.Threading.Tasks; using Thrift; using Thrift.Protocol; ";
            const string Method = "public virtual Task f(int a) => Task.CompletedTask;";
            return members.Contains("base(", StringComparison.Ordinal)
                ? $"{Usings} public partial class Orders {{ public class Client : TBaseClient, IAsync {{ {members} {(members.Contains("Task ", StringComparison.Ordinal) ? "" : Method)} }} }}"
                : $"{Usings} public partial class Orders {{ public class Client(TProtocol protocol) : TBaseClient(protocol, protocol), IAsync {{ {Method} }} {members} }}";
        }
    }

    [Theory]
    [InlineData("public class InternalStructs { public class find_args { } public class find_result { } }")]
    [InlineData("public class InternalStructs { public class findArgs { } public class findResult { } }")]
    [InlineData("public class find_args : Base { } public class find_result : Base { }")]
    [InlineData("public class findArgs : Base { } public class findResult : Base { }")]
    public void StructsOfAContractAreParsedAgain(string structs)
    {
        const string Service = "[ThriftBreaker.CircuitBreaker] public partial class Orders { public interface IAsync { System.Threading.Tasks.Task find(); } } public abstract class Base : Thrift.Protocol.TBase { }";
        var before = $"public class Lost : Thrift.TException {{ }} public partial class Orders {{ {structs} }}";
        var throwing = before.Replace("esult { }", "esult { public Lost Lost { get; set; } }", StringComparison.Ordinal).Replace("esult : Base { }", "esult : Base { public Lost Lost { get; set; } }", StringComparison.Ordinal);

        Assert.Contains("typeof(global::Lost)", Assert.Single(Run(before, throwing, Service).Texts), StringComparison.Ordinal);
    }

    [Fact]
    public void RequiredMemberOfABaseOfAClientIsParsedAgain()
    {
        const string Service = "using Thrift.Protocol; [ThriftBreaker.CircuitBreaker] public partial class Orders { public interface IAsync { System.Threading.Tasks.Task find(); } public class Client(TProtocol protocol) : Deep(protocol), IAsync { public System.Threading.Tasks.Task find() => System.Threading.Tasks.Task.CompletedTask; } }";
        const string Bases = "using Thrift.Protocol; public class Mid(TProtocol protocol) : Thrift.TBaseClient(protocol, protocol) { } public class Deep(TProtocol protocol) : Mid(protocol) { }";
        var required = Bases.Replace("Mid(protocol) { }", "Mid(protocol) { public required string Name { get; init; } }", StringComparison.Ordinal);

        Assert.Contains("Connect(", Assert.Single(Fresh(Bases, Service)), StringComparison.Ordinal);
        Assert.DoesNotContain("Connect(", Assert.Single(Run(Bases, required, Service).Texts), StringComparison.Ordinal);
    }

    /// <summary>The edit is in a base of a base, in the file of the service's base or another.</summary>
    [Theory]
    [InlineData("void Dig();", "void Dig(); void Dig(int depth);")]
    [InlineData("void Dig();", "void Dig(); void Send();")]
    [InlineData("void Dig();", "void Dig(); void Send(string text);")]
    [InlineData("void Dig();", "void Dig() { } string this[int depth] { get; }")]
    [InlineData("interface IDeep", "interface IDeepest { void Send(); } public interface IDeep : IDeepest")]
    public void MemberOfABaseOfABaseIsParsedAgain(string before, string after)
    {
        const string Service = "[ThriftBreaker.CircuitBreaker] public interface IOrders : IBase { void Send(int number); }";
        const string Base = "public interface IBase : IDeep { void Send(long number); }";
        const string Deep = "public interface IDeep { void Dig(); }";
        var edited = Deep.Replace(before, after, StringComparison.Ordinal);

        Assert.Equal(Fresh(edited + Base, Service), Run(Deep + Base, edited + Base, Service).Texts);
        Assert.Equal(Fresh(edited, Service + Base), Run(Deep, edited, Service + Base).Texts);
        Assert.NotEqual(Fresh(Deep, Service + Base), Fresh(edited, Service + Base));
    }

    /// <summary>
    /// Bases of the client can hide or overload what it implements; generated code calls the interface.
    /// </summary>
    [Theory]
    [InlineData("public Task f(string a) => Task.CompletedTask;")]
    [InlineData("public virtual Task f(int a, int b = 0) => Task.CompletedTask;")]
    public void OverloadInABaseOfAClientChangesNothing(string overload)
    {
        const string Service = "using System.Threading.Tasks; using Thrift.Protocol; [ThriftBreaker.CircuitBreaker] public partial class Orders { public interface IAsync { Task f(int a); } public class Client(TProtocol protocol) : Near(protocol), IAsync { } }";
        const string Bases = "using System.Threading.Tasks; using Thrift.Protocol; public class Far(TProtocol protocol) : Thrift.TBaseClient(protocol, protocol) { public Task f(int a) => Task.CompletedTask; } public class Near(TProtocol protocol) : Far(protocol) { }";
        var overloaded = Bases.Replace("{ public Task f", $"{{ {overload} public Task f", StringComparison.Ordinal);

        Assert.Contains("Connect(", Assert.Single(Fresh(Bases, Service)), StringComparison.Ordinal);
        Assert.Equal(Fresh(overloaded, Service), Run(Bases, overloaded, Service).Texts);
        Assert.Equal(Fresh(Bases, Service), Run(overloaded, Bases, Service).Texts);
        Assert.Empty(GeneratorRun.Create(overloaded, Service).Problems);
    }

    [Theory]
    [InlineData("public interface IBase {\n#if EXTRA\n void Ping();\n#endif\n }")]
    [InlineData("public interface IBase { } public static class Limits { public const int Most =\n#if EXTRA\n 7\n#else\n 8\n#endif\n; }")]
    [InlineData("public interface IBase\n#if EXTRA\n : System.IFormattable\n#endif\n { }")]
    public void SymbolOfThePreprocessorIsParsedAgain(string other)
    {
        const string Service = "[ThriftBreaker.CircuitBreaker(FailMax = Limits.Most)] public interface IOrders : IBase { void Send(); }";
        var before = other.Contains("Limits", StringComparison.Ordinal) ? other : other + " public static class Limits { public const int Most = 1; }";

        Assert.Equal(Fresh("#define EXTRA\n" + before, Service), Run("\n" + before, "#define EXTRA\n" + before, Service).Texts);
    }

    [Fact]
    public void ParameterOfAnAttributeIsParsedAgain()
    {
        const string Service = "[ThriftBreaker.CircuitBreaker] public interface IOrders { void Send([System.Diagnostics.CodeAnalysis.MaybeNullWhen(true)] out string text); }";
        const string Attribute = "namespace System.Diagnostics.CodeAnalysis { public sealed class MaybeNullWhenAttribute : System.Attribute { public MaybeNullWhenAttribute(bool value) { } } }";
        var after = Attribute.Replace("(bool value)", "(bool value, int more = 5)", StringComparison.Ordinal);

        Assert.Equal(Fresh(after, Service), Run(Attribute, after, Service).Texts);
    }

    [Fact]
    public void PathOfAFileOrdersAttributes()
    {
        const string Service = "public interface IOrders { void Ping(); }";
        var input = new GeneratorInput(Service, "[assembly: ThriftBreaker.CircuitBreaker(typeof(IOrders), FailMax = 1)]", "[assembly: ThriftBreaker.CircuitBreaker(typeof(IOrders), FailMax = 2)]");
        var project = input.Compile();
        var driver = input.Driver().RunGenerators(project, TestContext.Current.CancellationToken);
        var last = project.ReplaceSyntaxTree(project.SyntaxTrees[1], project.SyntaxTrees[1].WithFilePath("/project/Last.cs"));

        Assert.Contains("FailMax = 2", Assert.Single(Texts(driver.RunGenerators(last, TestContext.Current.CancellationToken))), StringComparison.Ordinal);
    }

    [Fact]
    public void ReferenceIsParsedAgain()
    {
        const string Library = "namespace Library { public interface IBase { void Ping(); } }";
        const string Service = "[ThriftBreaker.CircuitBreaker] public interface IOrders : Library.IBase { void Send(); }";
        var input = new GeneratorInput(Service);
        var before = input.Compile().AddReferences(new GeneratorInput(Library).Compile().WithAssemblyName("Library").ToMetadataReference());
        var after = input.Compile().RemoveAllSyntaxTrees().AddSyntaxTrees(before.SyntaxTrees)
            .AddReferences(new GeneratorInput(Library.Replace("Ping", "Pong", StringComparison.Ordinal)).Compile().WithAssemblyName("Library").ToMetadataReference());
        var driver = input.Driver().RunGenerators(before, TestContext.Current.CancellationToken);

        Assert.Contains("public void Pong()", Assert.Single(Texts(driver.RunGenerators(after, TestContext.Current.CancellationToken))), StringComparison.Ordinal);
    }

    [Fact]
    public void CompilationOptionsAreNotCached()
    {
        var input = new GeneratorInput("[ThriftBreaker.CircuitBreaker] public interface IOrders { string Find(); }");
        var before = input.Compile();
        var after = before.WithOptions(before.Options.WithNullableContextOptions(NullableContextOptions.Disable));

        Assert.NotEqual(DeclarationFingerprint.Get(before, CancellationToken.None), DeclarationFingerprint.Get(after, CancellationToken.None));
    }

    private static (string[] Texts, bool IsCached) Edited(string before, string after)
    {
        Assert.Contains(before, Other, StringComparison.Ordinal);
        return Run(Other, Other.Replace(before, after, StringComparison.Ordinal), Marked);
    }

    private static (string[] Texts, bool IsCached) Run(string before, string after, string service)
    {
        var input = new GeneratorInput(service, before);
        var project = input.Compile();
        var driver = input.Driver().RunGenerators(project, TestContext.Current.CancellationToken);
        var edited = project.ReplaceSyntaxTree(project.SyntaxTrees[1], input.File(after, 1));
        return (
            Texts(driver.RunGenerators(edited, TestContext.Current.CancellationToken)),
            DeclarationFingerprint.Get(project, CancellationToken.None) == DeclarationFingerprint.Get(edited, CancellationToken.None));
    }

    private static string[] Fresh(string other, string service = Marked)
    {
        var input = new GeneratorInput(service, other);
        return Texts(input.Driver().RunGenerators(input.Compile(), TestContext.Current.CancellationToken));
    }

    private static string[] Texts(GeneratorDriver driver)
        => [.. driver.GetRunResult().GeneratedTrees.Select(static tree => tree.ToString())];
}
