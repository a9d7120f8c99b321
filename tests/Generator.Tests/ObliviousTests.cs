using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>
/// A contract that was compiled without nullable references does not annotate null. A caller with nullable references
/// enabled may pass null to the client, as to the interface.
/// </summary>
public sealed class ObliviousTests
{
    private const string Oblivious =
        """
        string Echo(string text, List<string> more); int Count(int number); Task<string> FindAsync(string text, CancellationToken token = default);
        IAsyncEnumerable<string> All(string text); void Send<T>(T item) where T : class; string Name { get; set; } string this[string key] { get; } dynamic Any(dynamic item = null); ref string At(string[] items);
        """;

    private const string Calls =
        """
        client.Echo(null, null).Trim(); client.Count(1); client.Echo("x", null); client.FindAsync(null).Result.Trim(); client.All(null); client.Send("x");
        client.Name.Trim(); client.Name = null; client[null].Trim(); client.Any().Trim(); client.At(null).Trim();
        """;

    [Theory]
    [InlineData("#nullable disable\n", "")]
    [InlineData("#nullable disable\n", "Scope = ThriftBreaker.CircuitBreakerScope.Method")]
    public void NullIsAcceptedWhereTheInterfaceAcceptsIt(string first, string settings)
        => GeneratorRun.Create(Service(first, settings, Oblivious), Caller(Calls));

    [Fact]
    public void ContractOfAnotherAssemblyMayBeOblivious()
        => GeneratorRun.Create(new GeneratorInput("[assembly: ThriftBreaker.CircuitBreaker(typeof(IOrders))]", Caller(Calls)) { Elsewhere = [Service("#nullable disable\n", "", Oblivious).Replace("[ThriftBreaker.CircuitBreaker()] ", "", StringComparison.Ordinal)] });

    [Theory]
    [InlineData("client.Old(null).Trim(); client.Newer(null); client.Oldest.Trim();")]
    [InlineData("client.New(null);", "CS8625")]
    [InlineData("client.Newer(null).Trim();", "CS8602")]
    public void EachMemberHasTheAnnotationsOfItsDeclaration(string calls, params string[] compilerDiagnostics)
        => GeneratorRun.Create(
            new GeneratorInput(
                Service("", "", "\n#nullable disable\nstring Old(string text);\n#nullable enable\nstring? New(string text); string? Newer(string? text); \n#nullable disable\nstring Oldest { get; }\n"),
                Caller(calls))
            { CompilerDiagnostics = compilerDiagnostics });

    [Fact]
    public void ThriftClientOfAnObliviousContractCanBeConnected()
        => GeneratorRun.Create(
            """
            #nullable disable
            using System.Threading;
            using System.Threading.Tasks;
            using Thrift;
            using Thrift.Protocol;

            [ThriftBreaker.CircuitBreaker]
            public partial class Orders
            {
                public interface IAsync { Task<string> echo(string text, int[] numbers, CancellationToken cancellationToken = default); Task ping(CancellationToken cancellationToken = default); }

                public class Client(TProtocol protocol) : TBaseClient(protocol, protocol), IAsync
                {
                    public Task<string> echo(string text, int[] numbers, CancellationToken cancellationToken) => Task.FromResult(text);
                    public Task ping(CancellationToken cancellationToken) => Task.CompletedTask;
                }
            }
            """,
            """
            public static class Caller
            {
                public static int Call(Orders.CircuitBreakerClient client)
                    => client.echo(null, null).Result.Length;
            }
            """);

    private static string Service(string first, string settings, string members)
        => $"{first}using System.Collections.Generic; using System.Threading; using System.Threading.Tasks; [ThriftBreaker.CircuitBreaker({settings})] public interface IOrders {{ {members} }}";

    private static string Caller(string calls)
        => $"#nullable enable\npublic static class Caller {{ public static void Call(OrdersCircuitBreakerClient client) {{ {calls} }} }}";
}
