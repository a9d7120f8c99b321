using Circuit.Calculators;
using Microsoft.Extensions.Time.Testing;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests;

/// <summary>A guarded calculator client whose circuit and timeouts run on a clock that the test moves. Nothing times out by itself.</summary>
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

    /// <summary>Waits for calls under way in real time: on the test's clock, a call that hangs would never be cut off.</summary>
    public ValueTask DisposeAsync() => new(Client.DisposeAsync().AsTask().WaitAsync(Deadline.Short));

    /// <summary>How calls will have ended from now on, as the circuit sees it.</summary>
    public IReadOnlyList<CallOutcome> Outcomes()
    {
        var outcomes = new List<CallOutcome>();
        CircuitBreaker.CallCompleted += (_, call) => outcomes.Add(call.Outcome);
        return outcomes;
    }

    /// <summary>Lets time pass until a call has ended that only a timeout can end.</summary>
    public Task TimesOutAsync(Task call) => Deadline.UntilAsync(
        () =>
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            return call.IsCompleted;
        },
        "the call times out");

    /// <summary>Makes a call that meets a fault, and lets it time out where nothing else ends it.</summary>
    public async Task<Exception> MeetAsync(Fault fault, FaultInjectionProxy front)
    {
        front.Next = fault;
        var call = Client.echo("lost", TestContext.Current.CancellationToken);
        if (fault is Fault.Silence or Fault.HalfReplyThenSilence)
        {
            await Deadline.UntilAsync(() => front.NextIsMet, "the request has met its fault");
            await TimesOutAsync(call);
        }

        return await Assert.ThrowsAnyAsync<Exception>(() => call.WaitAsync(Deadline.Short, TestContext.Current.CancellationToken));
    }

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
