using ThriftBreaker.CodeFixes.Tests.Harness;

namespace ThriftBreaker.CodeFixes.Tests;

/// <summary>TB0014: the guarded client takes the place of the Thrift client, and connects by itself where the server can be seen.</summary>
public sealed class GuardClientTests
{
    private const string Raw = "new Calculator.Client(protocol)";
    private const string Wrapped = "new Calculator.CircuitBreakerClient(new Calculator.Client(protocol))";

    private static readonly FixedProject Project = new(new GuardClientFix());

    [Theory]
    [InlineData($"using var client = {Raw}; await client.ping();", $"using var client = {Wrapped}; await client.ping();")]
    [InlineData($"Calculator.Client client = {Raw}; await client.ping(); client.Dispose();", $"Calculator.CircuitBreakerClient client = {Wrapped}; await client.ping(); client.Dispose();")]
    [InlineData($"Calculator.Client client = new(protocol); await client.ping();", $"Calculator.CircuitBreakerClient client = {Wrapped}; await client.ping();")]
    [InlineData($"Calculator.Client? client = null; client = {Raw}; await client!.ping();", $"Calculator.CircuitBreakerClient? client = null; client = {Wrapped}; await client!.ping();")]
    [InlineData($"Calculator.IAsync client = /* a */ {Raw} /* b */; await client.ping();", $"Calculator.IAsync client = /* a */ {Wrapped} /* b */; await client.ping();")]
    [InlineData($"await {Raw}.ping();", $"await {Wrapped}.ping();")]
    [InlineData($"await PingAsync({Raw});", $"await PingAsync({Wrapped});")]
    [InlineData($"var client = {Raw}; await PingAsync(client);", $"var client = {Wrapped}; await PingAsync(client);")]
    public async Task ItIsWrapped(string before, string after)
        => Assert.Equal(Code(after), await Project.OneAsync("Wrap", Code(before)));

    [Theory]
    [InlineData("private readonly Calculator.Client _client = new(protocol); public Task RunAsync() => _client.ping();", $"private readonly Calculator.CircuitBreakerClient _client = {Wrapped}; public Task RunAsync() => _client.ping();")]
    [InlineData($"private Calculator.Client? _client; public void Open() => _client = {Raw}; public Task RunAsync() => this._client!.ping();", $"private Calculator.CircuitBreakerClient? _client; public void Open() => _client = {Wrapped}; public Task RunAsync() => this._client!.ping();")]
    [InlineData($"private Calculator.Client Client {{ get; }} = {Raw}; public Task RunAsync() => Client.ping();", $"private Calculator.CircuitBreakerClient Client {{ get; }} = {Wrapped}; public Task RunAsync() => Client.ping();")]
    public async Task TheTypeOfAPrivateMemberChangesWithIt(string before, string after)
        => Assert.Equal(Members(after), await Project.OneAsync("Wrap", Members(before)));

    [Theory]
    [InlineData($"var client = {Raw}; await client.ping(); GC.KeepAlive(client.InputProtocol);")]
    [InlineData($"var client = {Raw}; Calculator.Client copy = client; await copy.ping();")]
    [InlineData($"await OwnAsync({Raw});")]
    [InlineData($"var client = {Raw}; await client.OpenTransportAsync(default); await client.ping();")]
    public async Task NothingIsOfferedThatWouldNotCompile(string statements) => Assert.Empty(await Project.OffersAsync(Code(statements)));

    [Theory]
    [InlineData("client.CircuitBreaker(1)", false)]
    [InlineData("client.GetCircuitBreaker(\"x\")", false)]
    [InlineData("client.Dispose(1)", false)]
    [InlineData("client.Disposed(1)", true)]
    public async Task AMemberOfTheSameNameIsNotTheMethod(string use, bool isOffered)
    {
        const string Service =
            """
            [ThriftBreaker.CircuitBreaker]
            [ThriftBreaker.CircuitBreakerMethod("ping", FailMax = 1)]
            public partial class Orders
            {
                public interface IAsync { Task CircuitBreaker(int a); Task GetCircuitBreaker(string a); Task Dispose(int a); Task Disposed(int a); Task ping(); }

                public class Client(TProtocol protocol) : TBaseClient(protocol, protocol), IAsync
                {
                    public Task CircuitBreaker(int a) => Task.CompletedTask;
                    public Task GetCircuitBreaker(string a) => Task.CompletedTask;
                    public Task Dispose(int a) => Task.CompletedTask;
                    public Task Disposed(int a) => Task.CompletedTask;
                    public Task ping() => Task.CompletedTask;
                }
            }
            """;
        var offers = await Project.OffersAsync(Code($"var client = new Orders.Client(protocol); await client.ping(); _ = {use};"), Service);

        Assert.Equal(isOffered ? ["Wrap it in Orders.CircuitBreakerClient"] : [], offers);
    }

    [Theory]
    [InlineData("new TBinaryProtocol(new TSocketTransport(\"localhost\", 9090, new TConfiguration()))", "\"localhost\", 9090")]
    [InlineData("new TBinaryProtocol(new TBufferedTransport(new TSocketTransport(host, 9090, null)))", "host, 9090")]
    [InlineData("new TBinaryProtocol(new TSocketTransport(host.Trim(), host.Length + 1, new TConfiguration(), 0))", "host.Trim(), host.Length + 1")]
    [InlineData("new TBinaryProtocol(new TFramedTransport(new TSocketTransport(host, 1, null)))", "new ThriftEndpoint(host, 1) { Transport = ThriftTransport.Framed }")]
    [InlineData("new TCompactProtocol(new TFramedTransport(new TSocketTransport(host, 1, null)))", "new ThriftEndpoint(host, 1) { Transport = ThriftTransport.Framed, Protocol = ThriftProtocol.Compact }")]
    [InlineData("new TJsonProtocol(new TSocketTransport(host, 1, null))", "new ThriftEndpoint(host, 1) { Protocol = ThriftProtocol.Json }")]
    public async Task ItConnectsToTheServerThatCanBeSeen(string protocol, string server)
        => Assert.Equal(
            Code($"using var client = Calculator.CircuitBreakerClient.Connect({server}); await client.ping();", server.Contains("Endpoint", StringComparison.Ordinal) ? "using System.Net;\nusing ThriftBreaker;\n\n" : "using System.Net;\n\n"),
            await Project.OneAsync("Connect", Code($"using var client = new Calculator.Client({protocol}); await client.ping();", "using System.Net;\n\n")));

    [Theory]
    [InlineData("new TBinaryProtocol(new TSocketTransport(host, 9090, new TConfiguration { MaxFrameSize = 1 }))")]
    [InlineData("new TBinaryProtocol(new TSocketTransport(host, 9090, null, 5_000))")]
    [InlineData("new TBinaryProtocol(new TSocketTransport(System.Net.IPAddress.Loopback, 9090, null))")]
    [InlineData("new TBinaryProtocol(new TSocketTransport(host, 9090, null), true, true)")]
    [InlineData("new TMultiplexedProtocol(new TBinaryProtocol(new TSocketTransport(host, 9090, null)), \"Calculator\")")]
    [InlineData("new TBinaryProtocol(new THttpTransport(new Uri(host), null))")]
    [InlineData("protocol")]
    public async Task ItIsOnlyWrappedWhereConnectWouldDoSomethingElse(string protocol)
        => Assert.Equal(
            ["Wrap it in Calculator.CircuitBreakerClient"],
            await Project.OffersAsync(Code($"using var client = new Calculator.Client({protocol}); await client.ping();")));

    [Fact]
    public async Task WhatMadeTheConnectionGoes()
        => Assert.Equal(
            Code(
                """
                // The calculator of the shop.
                        using var client = Calculator.CircuitBreakerClient.Connect(host, 9090);
                        await client.ping();
                """),
            await Project.OneAsync("Connect", Code(
                """
                // The calculator of the shop.
                        var transport = new TSocketTransport(host, 9090, new TConfiguration());
                        var buffered = new TBufferedTransport(transport);
                        TProtocol spoken = new TBinaryProtocol(buffered);
                        await transport.OpenAsync(default).ConfigureAwait(false);
                        using var client = new Calculator.Client(spoken);
                        await client.OpenTransportAsync(default);
                        await client.ping();
                """)));

    [Fact]
    public async Task AConnectionThatIsUsedOtherwiseStays()
        => Assert.Equal(
            ["Wrap it in Calculator.CircuitBreakerClient"],
            await Project.OffersAsync(Code("var transport = new TSocketTransport(host, 9090, null); using var client = new Calculator.Client(new TBinaryProtocol(transport)); await client.ping(); transport.Close();")));

    [Fact]
    public async Task TheStatementsOfAProgramAreFixedToo()
        => Assert.Equal(
            "using var client = Calculator.CircuitBreakerClient.Connect(\"a\", 1);\nawait client.ping();\n",
            await new FixedProject(new GuardClientFix()) { IsProgram = true }.OneAsync("Connect", "var transport = new TSocketTransport(\"a\", 1, null);\nusing var client = new Calculator.Client(new TBinaryProtocol(transport));\nawait client.ping();\n"));

    [Fact]
    public async Task AllAreConnectedThatCanBe()
        => Assert.Equal(
            Code("await Calculator.CircuitBreakerClient.Connect(host, 1).ping(); await Calculator.CircuitBreakerClient.Connect(host, 2).ping(); await new Calculator.Client(protocol).ping();"),
            await Project.AllAsync("Connect", 1, Code("await new Calculator.Client(new TBinaryProtocol(new TSocketTransport(host, 1, null))).ping(); await new Calculator.Client(new TBinaryProtocol(new TSocketTransport(host, 2, null))).ping(); await new Calculator.Client(protocol).ping();")));

    [Fact]
    public async Task AllAreWrapped()
        => Assert.Equal(
            Members($"private Calculator.CircuitBreakerClient? _client; public void Open() => _client = {Wrapped}; public Task RunAsync() => _client!.ping(); public Task PingAsync() => {Wrapped}.ping();"),
            await Project.AllAsync("Wrap", 0, Members($"private Calculator.Client? _client; public void Open() => _client = {Raw}; public Task RunAsync() => _client!.ping(); public Task PingAsync() => {Raw}.ping();")));

    private static string Members(string members) => $"public sealed class Shop(TProtocol protocol)\n{{\n    {members}\n}}\n";

    private static string Code(string statements, string usings = "")
        => $$"""
        {{usings}}public static class Shop
        {
            public static async Task RunAsync(TProtocol protocol, string host)
            {
                {{statements}}
                GC.KeepAlive((protocol, host));
            }

            private static Task PingAsync(Calculator.IAsync client) => client.ping();

            private static Task OwnAsync(Calculator.Client client) => client.ping();
        }

        """;
}
