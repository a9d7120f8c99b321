using Circuit.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Thrift;
using ThriftBreaker;
using ThriftBreaker.Integration.Tests.Servers;

// The contract is in another assembly, which does not reference ThriftBreaker.
[assembly: CircuitBreaker(typeof(Warehouse), FailMax = 2, ResetTimeoutSeconds = 10)]
[assembly: CircuitBreakerMethod(typeof(Warehouse), nameof(Warehouse.IAsync.ping), Bypass = true)]

// An interface of the framework, with its type argument.
[assembly: CircuitBreaker(typeof(IComparer<string>), Name = "comparer", FailMax = 1)]

namespace ThriftBreaker.Integration.Tests.Clients;

/// <summary>
/// A service of another assembly with an [assembly: CircuitBreaker] attribute, against a real server.
/// </summary>
public sealed class AssemblyAttributeTests
{
    [Fact]
    public async Task GeneratedClient_OpensAndClosesCircuit()
    {
        await using var server = CalculatorServer.StartOther(new Warehouse.AsyncProcessor(new Handler(), NullLogger<Warehouse.AsyncProcessor>.Instance));
        var clock = new FakeTimeProvider();
        var breaker = new CircuitBreaker(WarehouseCircuitBreakerClient.DefaultOptions with { TimeProvider = clock });
        await using var client = WarehouseCircuitBreakerClient.Connect(WireFormat.Default.At(server.Port), new ThriftChannelOptions(), breaker);

        Assert.Equal(2, await client.take(new Item("bolt", 3), Token));
        Assert.Equal(5, (await client.stock(["bolt"], Token))["bolt"]);
        for (var call = 1; call <= 3; call++)
        {
            Assert.Equal(5, (await Assert.ThrowsAsync<OutOfStock>(() => client.take(new Item("bolt", 6), Token))).Available);
        }

        Assert.Equal(0, breaker.FailureCount);
        await Assert.ThrowsAsync<TApplicationException>(() => client.crash(Token));
        await Assert.ThrowsAsync<TApplicationException>(() => client.crash(Token));
        Assert.Equal(CircuitState.Open, breaker.State);
        await Assert.ThrowsAsync<CircuitOpenException>(() => client.take(new Item("bolt", 3), Token));
        await client.ping(Token);

        clock.Advance(breaker.Options.ResetTimeout);
        Assert.Equal(2, await client.take(new Item("bolt", 3), Token));
        Assert.Equal(CircuitState.Closed, breaker.State);
    }

    [Fact]
    public void ClosedGenericService_IsProtected()
    {
        using var client = new System.Collections.Generic.ComparerCircuitBreakerClient(new Broken());

        Assert.Equal("comparer", client.CircuitBreaker.Name);
        Assert.Throws<NotSupportedException>(() => client.Compare("a", "b"));
        Assert.Throws<CircuitOpenException>(() => client.Compare("a", "b"));
    }

    [Fact]
    public async Task OpenGenericService_HasGenericClient()
    {
        await using var client = new StoreCircuitBreakerClient<string, Item>(new Store());

        Assert.Equal("bolt", (await client.FindAsync("bolt")).Sku);
        await Assert.ThrowsAsync<KeyNotFoundException>(() => client.FindAsync(""));
        Assert.Equal(CircuitState.Open, client.CircuitBreaker.State);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private sealed class Handler : Warehouse.IAsync
    {
        public Task ping(CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task<Dictionary<string, int>> stock(List<string>? skus, CancellationToken cancellationToken = default)
            => Task.FromResult(skus!.ToDictionary(static sku => sku, static _ => 5));

        public Task<int> take(Item? wanted, CancellationToken cancellationToken = default)
            => wanted is { Quantity: <= 5 } ? Task.FromResult(5 - wanted.Quantity) : throw new OutOfStock { Wanted = wanted, Available = 5 };

        public Task crash(CancellationToken cancellationToken = default) => throw new InvalidOperationException("The handler broke.");

        public Task note(string? text, CancellationToken cancellationToken = default) => Task.CompletedTask;
    }

    private sealed class Broken : IComparer<string>
    {
        public int Compare(string? x, string? y) => throw new NotSupportedException();
    }

    private sealed class Store : IStore<string, Item>
    {
        public Task<Item> FindAsync(string key) => key.Length > 0 ? Task.FromResult(new Item(key, 1)) : throw new KeyNotFoundException();
    }
}

/// <summary>A service with type parameters.</summary>
[CircuitBreaker(FailMax = 1)]
public interface IStore<in TKey, TItem>
    where TKey : notnull
    where TItem : class, new()
{
    Task<TItem> FindAsync(TKey key);
}
