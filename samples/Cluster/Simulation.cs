using System.Collections.Concurrent;
using Circuit.Example;
using Spectre.Console;
using ThriftBreaker;

namespace Cluster;

/// <summary>Represents the calls of one phase.</summary>
internal sealed record Phase(string Name, DateTimeOffset From, IReadOnlyCollection<Call> Calls);

/// <summary>Represents what happened to one server.</summary>
/// <param name="Name">Its behavior.</param>
/// <param name="Calls">When its calls arrived.</param>
/// <param name="Changes">The state changes of its circuit breaker.</param>
internal sealed record ServerHistory(
    string Name, IReadOnlyCollection<DateTimeOffset> Calls, IReadOnlyCollection<(DateTimeOffset At, CircuitState To)> Changes);

/// <summary>
/// Calls five healthy servers over one channel. Then one becomes slow, one refuses connections, and one restarts
/// repeatedly. For comparison, the last phase chooses a random server for each call.
/// </summary>
internal sealed record Simulation(Phase Healthy, Phase Transition, Phase Steady, Phase Comparison, IReadOnlyList<ServerHistory> Servers)
{
    private const int ServerCount = 5;
    private static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SlowDelay = 30 * Server.HealthyDelay;
    private static readonly TimeSpan RestartInterval = TimeSpan.FromSeconds(1.5);

    private static readonly ThriftChannelOptions Options = new()
    {
        CallTimeout = TimeSpan.FromSeconds(2),
        SlowStartWindow = TimeSpan.FromSeconds(1),
        EndpointCircuitBreaker = new CircuitBreakerOptions
        {
            Name = "endpoint",
            FailMax = 3,
            ResetTimeout = TimeSpan.FromSeconds(1),

            // A server that is ten times as slow as it should be counts as unavailable.
            SlowCallDuration = 10 * Server.HealthyDelay,
            SlowCallRatio = 0.5,
            SamplingCalls = 20,
        },

        // If all servers seem slow, the client is the cause.
        MaxEjectionRatio = 0.6,
    };

    public static async Task<Simulation> RunAsync(TimeSpan phase, CancellationToken cancellationToken)
    {
        Server[] servers = [.. Enumerable.Range(0, ServerCount).Select(static _ => new Server())];
        try
        {
            var endpoints = servers.Select(static server => new ThriftEndpoint("127.0.0.1", server.Port)).ToArray();
            await using var channel = new ThriftChannel(endpoints, Options);
            await using var client = MyService.CircuitBreakerClient.Connect(channel);
            var changes = channel.Endpoints.Select(static endpoint => RecordChanges(endpoint.CircuitBreaker)).ToArray();

            // This warm-up is not measured: it compiles code and opens connections.
            await Load.RunAsync(client, SettlingTime, cancellationToken);

            Print($"{ServerCount} servers take {Server.HealthyDelay.TotalMilliseconds} ms for each call.");
            var healthy = await PhaseAsync("healthy", client, phase, cancellationToken);

            Print($"One takes {SlowDelay.TotalMilliseconds} ms now, one refuses, and one stops and starts every {RestartInterval.TotalSeconds:0.0} s.");
            servers[0].Delay = SlowDelay;
            await servers[1].StopAsync();
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var restarting = RestartAsync(servers[2], end.Token);
            var transition = await PhaseAsync($"the first {SettlingTime.TotalSeconds} s", client, SettlingTime, cancellationToken);
            var steady = await PhaseAsync("steady state", client, phase, cancellationToken);

            Print($"The same without circuit breakers: for each call one of {ServerCount} clients is chosen at random.");
            await using var random = new RandomClients(endpoints, Options);
            var comparison = await PhaseAsync("random choice", random, phase, cancellationToken);
            await end.CancelAsync();
            await restarting;

            string[] names = ["slow", "refuses", "restarts", "healthy", "healthy"];
            return new Simulation(healthy, transition, steady, comparison, [.. names.Select((name, server) => new ServerHistory(name, servers[server].Calls, changes[server]))]);
        }
        finally
        {
            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }

    private static async Task<Phase> PhaseAsync(string name, MyService.IAsync client, TimeSpan time, CancellationToken cancellationToken)
    {
        var from = DateTimeOffset.UtcNow;
        return new Phase(name, from, await Load.RunAsync(client, time, cancellationToken));
    }

    private static async Task RestartAsync(Server server, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await server.StopAsync();
            await Task.Delay(RestartInterval, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            server.Start();
            await Task.Delay(RestartInterval, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static ConcurrentQueue<(DateTimeOffset At, CircuitState To)> RecordChanges(CircuitBreaker circuitBreaker)
    {
        var changes = new ConcurrentQueue<(DateTimeOffset, CircuitState)>();
        circuitBreaker.StateChanged += (_, change) => changes.Enqueue((DateTimeOffset.UtcNow, change.To));
        return changes;
    }

    private static void Print(FormattableString text) => AnsiConsole.MarkupLineInterpolated($"[bold]{text}[/]");
}
