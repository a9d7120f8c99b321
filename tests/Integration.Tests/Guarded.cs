using Circuit.Calculators;
using Microsoft.Extensions.Time.Testing;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests;

/// <summary>A generated calculator client with a fake clock for its circuit breaker and timeouts.</summary>
internal sealed class Guarded : IAsyncDisposable
{
    public static readonly TimeSpan ResetTimeout = TimeSpan.FromSeconds(10);

    public Guarded(int port, WireFormat? wireFormat = null, ThriftChannelOptions? options = null)
        : this((wireFormat ?? WireFormat.Default).At(port), options)
    {
    }

    public Guarded(ThriftEndpoint endpoint, ThriftChannelOptions? options = null)
    {
        CircuitBreaker = new CircuitBreaker(Calculator.CircuitBreakerClient.DefaultOptions with { TimeProvider = Clock });
        Client = Calculator.CircuitBreakerClient.Connect(endpoint, (options ?? new ThriftChannelOptions()) with { TimeProvider = Clock }, CircuitBreaker);
    }

    public FakeTimeProvider Clock { get; } = new();

    public CircuitBreaker CircuitBreaker { get; }

    public Calculator.CircuitBreakerClient Client { get; }

    /// <summary>
    /// Waits for in-flight calls in real time: with the fake clock, a call that hangs would never be aborted.
    /// </summary>
    public ValueTask DisposeAsync() => new(Client.DisposeAsync().AsTask().WaitAsync(Deadline.Short));

    /// <summary>Records the outcomes of calls from now on.</summary>
    public IReadOnlyList<CallOutcome> RecordOutcomes()
    {
        var outcomes = new List<CallOutcome>();
        CircuitBreaker.CallCompleted += (_, call) => outcomes.Add(call.Outcome);
        return outcomes;
    }

    /// <summary>Advances the clock until a timeout ends the call.</summary>
    public Task AdvanceUntilTimeoutAsync(Task call) => Deadline.UntilAsync(
        () =>
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            return call.IsCompleted;
        },
        "the call times out");

    /// <summary>Makes a call with a fault, and advances the clock to its timeout if nothing else ends it.</summary>
    public async Task<Exception> EchoWithFaultAsync(Fault fault, FaultInjectionProxy proxy)
    {
        proxy.NextFault = fault;
        var call = Client.echo("lost", TestContext.Current.CancellationToken);
        if (fault is Fault.Silence or Fault.HalfReplyThenSilence)
        {
            await Deadline.UntilAsync(() => proxy.NextFaultWasApplied, "the fault is applied to the request");
            await AdvanceUntilTimeoutAsync(call);
        }

        return await Assert.ThrowsAnyAsync<Exception>(() => call.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
    }

    /// <summary>Makes calls with distinct texts, and asserts that each gets its own text back.</summary>
    public async Task EchoAsync(int calls, string caller = "caller")
    {
        for (var call = 0; call < calls; call++)
        {
            var sent = $"{caller} {call}";
            Assert.Equal(sent, await Client.echo(sent, TestContext.Current.CancellationToken).WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
        }
    }
}
