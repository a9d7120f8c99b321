using Circuit.Calculators;
using Microsoft.Extensions.Time.Testing;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests;

/// <summary>A guarded calculator client whose circuit runs on a clock that the test moves. Sockets run in real time.</summary>
internal sealed class Guarded : IAsyncDisposable
{
    public static readonly TimeSpan ResetTimeout = TimeSpan.FromSeconds(10);

    public Guarded(int port, Speech? speech = null, ThriftChannelOptions? options = null)
    {
        Breaker = new CircuitBreaker(Calculator.CircuitBreakerClient.DefaultOptions with { TimeProvider = Clock });
        Client = Calculator.CircuitBreakerClient.Connect((speech ?? Speech.Default).At(port), options ?? new ThriftChannelOptions(), Breaker);
    }

    public FakeTimeProvider Clock { get; } = new();

    public CircuitBreaker Breaker { get; }

    public Calculator.CircuitBreakerClient Client { get; }

    public ValueTask DisposeAsync() => Client.DisposeAsync();

    /// <summary>Makes many calls, each with a text of its own, and checks that each gets its own back.</summary>
    public async Task EchoAsync(int calls, string caller = "caller")
    {
        for (var call = 0; call < calls; call++)
        {
            var sent = $"{caller} {call}";
            Assert.Equal(sent, await Client.echo(sent, TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        }
    }
}
