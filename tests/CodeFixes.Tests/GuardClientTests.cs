using Microsoft.CodeAnalysis;
using Test = ThriftBreaker.CodeFixes.Tests.Harness.FixTest<ThriftBreaker.CodeFixes.GuardClientFix>;

namespace ThriftBreaker.CodeFixes.Tests;

/// <summary>
/// TB0014: the circuit breaker client replaces the Thrift client, and connects by itself if the code shows the server.
/// </summary>
public sealed class GuardClientTests
{
    private const string Raw = "{|TB0014:new Calculator.Client(protocol)|}";
    private const string Wrapped = "new Calculator.CircuitBreakerClient(new Calculator.Client(protocol))";

    [Theory]
    [InlineData($"using var client = {Raw}; await client.ping();", $"using var client = {Wrapped}; await client.ping();")]
    [InlineData($"Calculator.Client client = {Raw}; await client.ping(); client.Dispose();", $"Calculator.CircuitBreakerClient client = {Wrapped}; await client.ping(); client.Dispose();")]
    [InlineData($"Calculator.Client client = {{|TB0014:new(protocol)|}}; await client.ping();", $"Calculator.CircuitBreakerClient client = {Wrapped}; await client.ping();")]
    [InlineData($"Calculator.Client? client = null; client = {Raw}; await client!.ping();", $"Calculator.CircuitBreakerClient? client = null; client = {Wrapped}; await client!.ping();")]
    [InlineData($"Calculator.IAsync client = /* a */ {Raw} /* b */; await client.ping();", $"Calculator.IAsync client = /* a */ {Wrapped} /* b */; await client.ping();")]
    [InlineData($"await {Raw}.ping();", $"await {Wrapped}.ping();")]
    [InlineData($"await PingAsync({Raw});", $"await PingAsync({Wrapped});")]
    [InlineData($"var client = {Raw}; await PingAsync(client);", $"var client = {Wrapped}; await PingAsync(client);")]
    public Task ClientIsWrapped(string before, string after)
        => Test.VerifyAsync(Code(before), Code(after), "Wrap");

    [Theory]
    [InlineData("private readonly Calculator.Client _client = {|TB0014:new(protocol)|}; public Task RunAsync() => _client.ping();", $"private readonly Calculator.CircuitBreakerClient _client = {Wrapped}; public Task RunAsync() => _client.ping();")]
    [InlineData($"private Calculator.Client? _client; public void Open() => _client = {Raw}; public Task RunAsync() => this._client!.ping();", $"private Calculator.CircuitBreakerClient? _client; public void Open() => _client = {Wrapped}; public Task RunAsync() => this._client!.ping();")]
    [InlineData($"private Calculator.Client Client {{ get; }} = {Raw}; public Task RunAsync() => Client.ping();", $"private Calculator.CircuitBreakerClient Client {{ get; }} = {Wrapped}; public Task RunAsync() => Client.ping();")]
    public Task TypeOfAPrivateMemberChangesWithTheClient(string before, string after)
        => Test.VerifyAsync(Members(before), Members(after), "Wrap");

    [Theory]
    [InlineData($"var client = {Raw}; await client.ping(); GC.KeepAlive(client.InputProtocol);")]
    [InlineData($"var client = {Raw}; Calculator.Client copy = client; await copy.ping();")]
    [InlineData($"await OwnAsync({Raw});")]
    [InlineData($"var client = {Raw}; await client.OpenTransportAsync(default); await client.ping();")]
    public Task FixThatWouldNotCompileIsNotOffered(string statements) => Test.VerifyOffersAsync([], Code(statements));

    [Theory]
    [InlineData("client.CircuitBreaker(1)", false)]
    [InlineData("client.GetCircuitBreaker(\"x\")", false)]
    [InlineData("client.Dispose(1)", false)]
    [InlineData("client.Disposed(1)", true)]
    public Task MemberOfTheSameNameIsNotTheMethodOfTheClient(string use, bool isOffered)
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

        return Test.VerifyOffersAsync(
            isOffered ? ["Wrap it in Orders.CircuitBreakerClient"] : [],
            Code($"var client = {{|TB0014:new Orders.Client(protocol)|}}; await client.ping(); _ = {use};"),
            Service);
    }

    [Theory]
    [InlineData("new TBinaryProtocol(new TSocketTransport(\"localhost\", 9090, new TConfiguration()))", "\"localhost\", 9090")]
    [InlineData("new TBinaryProtocol(new TBufferedTransport(new TSocketTransport(host, 9090, null)))", "host, 9090")]
    [InlineData("new TBinaryProtocol(new TSocketTransport(host.Trim(), host.Length + 1, new TConfiguration(), 0))", "host.Trim(), host.Length + 1")]
    [InlineData("new TBinaryProtocol(new TFramedTransport(new TSocketTransport(host, 1, null)))", "new ThriftEndpoint(host, 1) { Transport = ThriftTransport.Framed }")]
    [InlineData("new TCompactProtocol(new TFramedTransport(new TSocketTransport(host, 1, null)))", "new ThriftEndpoint(host, 1) { Transport = ThriftTransport.Framed, Protocol = ThriftProtocol.Compact }")]
    [InlineData("new TJsonProtocol(new TSocketTransport(host, 1, null))", "new ThriftEndpoint(host, 1) { Protocol = ThriftProtocol.Json }")]
    public Task ClientConnectsToTheServerThatTheCodeNames(string protocol, string server)
        => Test.VerifyAsync(
            Code($"using var client = {{|TB0014:new Calculator.Client({protocol})|}}; await client.ping();", "using System.Net;\n\n"),
            Code($"using var client = Calculator.CircuitBreakerClient.Connect({server}); await client.ping();", server.Contains("Endpoint", StringComparison.Ordinal) ? "using System.Net;\nusing ThriftBreaker;\n\n" : "using System.Net;\n\n"),
            "Connect");

    [Theory]
    [InlineData("new TBinaryProtocol(new TSocketTransport(host, 9090, new TConfiguration { MaxFrameSize = 1 }))")]
    [InlineData("new TBinaryProtocol(new TSocketTransport(host, 9090, null, 5_000))")]
    [InlineData("new TBinaryProtocol(new TSocketTransport(System.Net.IPAddress.Loopback, 9090, null))")]
    [InlineData("new TBinaryProtocol(new TSocketTransport(host, 9090, null), true, true)")]
    [InlineData("new TMultiplexedProtocol(new TBinaryProtocol(new TSocketTransport(host, 9090, null)), \"Calculator\")")]
    [InlineData("new TBinaryProtocol(new THttpTransport(new Uri(host), null))")]
    [InlineData("protocol")]
    public Task OnlyWrappingIsOfferedWhereConnectWouldBehaveDifferently(string protocol)
        => Test.VerifyOffersAsync(
            ["Wrap it in Calculator.CircuitBreakerClient"],
            Code($"using var client = {{|TB0014:new Calculator.Client({protocol})|}}; await client.ping();"));

    [Fact]
    public Task StatementsThatMadeTheConnectionAreRemoved()
        => Test.VerifyAsync(
            Code(
                """
                // The calculator of the shop.
                        var transport = new TSocketTransport(host, 9090, new TConfiguration());
                        var buffered = new TBufferedTransport(transport);
                        TProtocol protocolOfTheServer = new TBinaryProtocol(buffered);
                        await transport.OpenAsync(default).ConfigureAwait(false);
                        using var client = {|TB0014:new Calculator.Client(protocolOfTheServer)|};
                        await client.OpenTransportAsync(default);
                        await client.ping();
                """),
            Code(
                """
                // The calculator of the shop.
                        using var client = Calculator.CircuitBreakerClient.Connect(host, 9090);
                        await client.ping();
                """),
            "Connect");

    [Fact]
    public Task ConnectionWithAnotherUseStays()
        => Test.VerifyOffersAsync(
            ["Wrap it in Calculator.CircuitBreakerClient"],
            Code("var transport = new TSocketTransport(host, 9090, null); using var client = {|TB0014:new Calculator.Client(new TBinaryProtocol(transport))|}; await client.ping(); transport.Close();"));

    [Fact]
    public Task TopLevelStatementsAreFixedToo()
        => Test.VerifyAsync(
            "var transport = new TSocketTransport(\"a\", 1, null);\nusing var client = {|TB0014:new Calculator.Client(new TBinaryProtocol(transport))|};\nawait client.ping();\n",
            "using var client = Calculator.CircuitBreakerClient.Connect(\"a\", 1);\nawait client.ping();\n",
            "Connect",
            OutputKind.ConsoleApplication);

    [Fact]
    public Task FixAllConnectsEveryClientWithAKnownServer()
        => Test.VerifyAsync(
            Code("await {|TB0014:new Calculator.Client(new TBinaryProtocol(new TSocketTransport(host, 1, null)))|}.ping(); await {|TB0014:new Calculator.Client(new TBinaryProtocol(new TSocketTransport(host, 2, null)))|}.ping(); await {|TB0014:new Calculator.Client(protocol)|}.ping();"),
            Code("await Calculator.CircuitBreakerClient.Connect(host, 1).ping(); await Calculator.CircuitBreakerClient.Connect(host, 2).ping(); await {|TB0014:new Calculator.Client(protocol)|}.ping();"),
            "Connect");

    [Fact]
    public Task FixAllWrapsEveryClient()
        => Test.VerifyAsync(
            Members($"private Calculator.Client? _client; public void Open() => _client = {Raw}; public Task RunAsync() => _client!.ping(); public Task PingAsync() => {Raw}.ping();"),
            Members($"private Calculator.CircuitBreakerClient? _client; public void Open() => _client = {Wrapped}; public Task RunAsync() => _client!.ping(); public Task PingAsync() => {Wrapped}.ping();"),
            "Wrap");

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
