using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>
/// <c>Connect</c> is generated if the inner client can be created from a protocol. Clients that the Thrift compiler
/// generates always can; custom clients may have any constructor.
/// </summary>
public sealed class ThriftClientTests
{
    private const string Head = "TBaseClient(protocol, protocol), IAsync";
    private const string Method = "public Task<int> f(int a) => Task.FromResult(a);";

    [Theory]
    [InlineData("public abstract class Client(TProtocol protocol) : " + Head + " { " + Method + " }")]
    [InlineData("public class Client(TProtocol protocol, string name) : " + Head + " { public string Name => name; " + Method + " }")]
    [InlineData("public class Client(ref TProtocol protocol) : " + Head + " { " + Method + " }")]
    [InlineData("public class Client(object protocol) : TBaseClient((TProtocol)protocol, (TProtocol)protocol), IAsync { " + Method + " }")]
    [InlineData("public class Client : TBaseClient, IAsync { protected Client(TProtocol protocol) : base(protocol, protocol) { } " + Method + " }")]
    [InlineData("public class Client : TBaseClient, IAsync { private Client(TProtocol protocol) : base(protocol, protocol) { } public static Client Of(TProtocol protocol) => new(protocol); " + Method + " }")]
    [InlineData("public class Client(TProtocol protocol) : " + Head + " { public required string Name { get; init; } " + Method + " }")]
    [InlineData("public class Client(TProtocol protocol) : Base(protocol), IAsync { " + Method + " } public class Base(TProtocol protocol) : TBaseClient(protocol, protocol) { public required string Name; }")]
    [InlineData("public class Client : TBaseClient, IAsync { [System.Obsolete(\"no\", true)] public Client(TProtocol protocol) : base(protocol, protocol) { } " + Method + " }")]
    [InlineData("[System.Obsolete(\"no\", true)] public class Client(TProtocol protocol) : " + Head + " { " + Method + " }")]
    [InlineData("[System.Obsolete(\"soon\")] public class Client(TProtocol protocol) : " + Head + " { " + Method + " }")]
    [InlineData("public class Client(TProtocol protocol, int number = 3) : " + Head + " { public int Number => number; public Client(TProtocol protocol, string name = \"\") : this(protocol, name.Length) { } " + Method + " }")]
    [InlineData("public class Client<T>(TProtocol protocol) : " + Head + " { " + Method + " }")]
    public void ClientThatCannotBeCreatedFromAProtocolHasNoConnect(string client)
    {
        var text = GeneratorRun.Create(Service(client)).Text;

        Assert.DoesNotContain("Connect(", text, StringComparison.Ordinal);
        Assert.DoesNotContain("CreateClient", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("public class Client(TProtocol protocol) : " + Head + " { Task<int> IAsync.f(int a) => Task.FromResult(a); }")]
    [InlineData("public class Client(TProtocol protocol) : " + Head + " { Task<int> IAsync.f(int a) => Task.FromResult(a); public string f(int a) => \"\"; }")]
    [InlineData("public class Client(TProtocol protocol) : " + Head + " { " + Method + " public void f(in int a, string b = \"\") { } public void f<T>(T a) { } }")]
    [InlineData("public class Client(TProtocol protocol) : Base(protocol) { public new string f(int a) => \"\"; } public class Base(TProtocol protocol) : " + Head + " { " + Method + " }")]
    [InlineData("public class Client : TBaseClient, IAsync { public Client(TProtocol protocol) : base(protocol, protocol) { } public Client(object other) : base((TProtocol)other, (TProtocol)other) { } " + Method + " }")]
    [InlineData("public class Client : TBaseClient, IAsync { [System.Diagnostics.CodeAnalysis.SetsRequiredMembers] public Client(TProtocol protocol) : base(protocol, protocol) => Name = \"\"; public required string Name { get; init; } " + Method + " }")]
    [InlineData("public class Client(TProtocol protocol) : " + Head + " { [System.Obsolete(\"soon\", true)] public Task<int> f(int a) => Task.FromResult(a); }")]
    [InlineData("public class Client(TProtocol protocol, int number = 3, params string[] names) : " + Head + " { public object Used => (number, names); " + Method + " }")]
    [InlineData("internal class Client : TBaseClient, IAsync { internal Client(TProtocol protocol) : base(protocol, protocol) { } " + Method + " }")]
    public void MethodsAreReachedForEveryImplementation(string client)
        => Assert.Contains("Connect(", GeneratorRun.Create(Service(client)).Text, StringComparison.Ordinal);

    [Fact]
    public void GeneratedThriftClientIsCalledWithoutACast()
        => Assert.Contains("=> service.f(a));", Bare(GeneratorRun.Create(Service("public class Client(TProtocol protocol) : " + Head + " { " + Method + " }")).Text), StringComparison.Ordinal);

    private static string Bare(string text) => text.Replace(", default)", ")", StringComparison.Ordinal);

    private static string Service(string client)
        => $$"""
        using System.Threading.Tasks;
        using Thrift;
        using Thrift.Protocol;

        namespace Shop;

        [ThriftBreaker.CircuitBreaker]
        public partial class Orders
        {
            public interface IAsync { Task<int> f(int a); }

            {{client}}
        }
        """;
}
