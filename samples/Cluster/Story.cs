using System.Collections.Concurrent;
using Circuit.Example;
using Spectre.Console;
using ThriftBreaker;

namespace Cluster;

/// <summary>The calls of one part of the story.</summary>
internal sealed record Phase(string Name, DateTimeOffset From, IReadOnlyCollection<Call> Calls);

/// <summary>What became of one server.</summary>
/// <param name="Name">What is wrong with it.</param>
/// <param name="Calls">When its calls came.</param>
/// <param name="Changes">When its circuit changed, and to what.</param>
internal sealed record Fate(string Name, IReadOnlyCollection<DateTimeOffset> Calls, IReadOnlyCollection<(DateTimeOffset At, CircuitState To)> Changes);

/// <summary>
/// Five servers are well; then one becomes slow, one refuses, and one comes and goes. Told once with a channel over all of them, and, to compare,
/// with clients of single servers of which one is drawn for each call.
/// </summary>
internal sealed record Story(Phase Healthy, Phase Turn, Phase Steady, Phase Compared, IReadOnlyList<Fate> Fates)
{
    private const int Servers = 5;
    private static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SlowWork = 30 * Server.Work;
    private static readonly TimeSpan Flap = TimeSpan.FromSeconds(1.5);

    private static readonly ThriftChannelOptions Options = new()
    {
        CallTimeout = TimeSpan.FromSeconds(2),
        SlowStartWindow = TimeSpan.FromSeconds(1),
        EndpointCircuitBreaker = new CircuitBreakerOptions
        {
            Name = "endpoint",
            FailMax = 3,
            ResetTimeout = TimeSpan.FromSeconds(1),

            // A server that answers, but ten times as slowly as it should, is as good as out.
            SlowCallDuration = 10 * Server.Work,
            SlowCallRatio = 0.5,
            SamplingCalls = 20,
        },

        // If all seem slow, it is this side that is.
        MaxEjectionRatio = 0.6,
    };

    public static async Task<Story> TellAsync(TimeSpan phase, CancellationToken cancellationToken)
    {
        Server[] servers = [.. Enumerable.Range(0, Servers).Select(static _ => new Server())];
        try
        {
            var endpoints = servers.Select(static server => new ThriftEndpoint("127.0.0.1", server.Port)).ToArray();
            await using var channel = new ThriftChannel(endpoints, Options);
            await using var client = MyService.CircuitBreakerClient.Connect(channel);
            var changes = channel.Endpoints.Select(static endpoint => ChangesOf(endpoint.CircuitBreaker)).ToArray();

            // Not measured: code that is compiled and connections that are opened while they run.
            await Load.RunAsync(client, SettlingTime, cancellationToken);

            Say($"{Servers} servers work {Server.Work.TotalMilliseconds} ms on each call.");
            var healthy = await PhaseAsync("healthy", client, phase, cancellationToken);

            Say($"One takes {SlowWork.TotalMilliseconds} ms now, one refuses, and one stops and starts every {Flap.TotalSeconds:0.0} s.");
            servers[0].Takes = SlowWork;
            await servers[1].StopAsync();
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var flapping = FlapAsync(servers[2], over.Token);
            var turn = await PhaseAsync($"the first {SettlingTime.TotalSeconds} s", client, SettlingTime, cancellationToken);
            var steady = await PhaseAsync("steady state", client, phase, cancellationToken);

            Say($"The same without circuits: for each call one of {Servers} clients is drawn.");
            await using var drawn = new DrawnClients(endpoints, Options);
            var compared = await PhaseAsync("drawn at random", drawn, phase, cancellationToken);
            await over.CancelAsync();
            await flapping;

            string[] names = ["slow", "refuses", "comes and goes", "well", "well"];
            return new Story(healthy, turn, steady, compared, [.. names.Select((name, server) => new Fate(name, servers[server].Calls, changes[server]))]);
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

    private static async Task FlapAsync(Server server, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await server.StopAsync();
            await Task.Delay(Flap, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            server.Start();
            await Task.Delay(Flap, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static ConcurrentQueue<(DateTimeOffset At, CircuitState To)> ChangesOf(CircuitBreaker breaker)
    {
        var changes = new ConcurrentQueue<(DateTimeOffset, CircuitState)>();
        breaker.StateChanged += (_, change) => changes.Enqueue((DateTimeOffset.UtcNow, change.To));
        return changes;
    }

    private static void Say(FormattableString text) => AnsiConsole.MarkupLineInterpolated($"[bold]{text}[/]");
}
