using Circuit.Example;
using Spectre.Console;
using ThriftBreaker;

namespace QuickStart;

/// <summary>The two stories that the sample tells.</summary>
internal static class Demo
{
    private const int HealthyCalls = 20;
    private static readonly TimeSpan DownTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>A server that stops while calls go on, and comes back.</summary>
    public static async Task WithOwnServerAsync(ThriftTransport transport, ThriftProtocol protocol, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);

        var server = await ServerProcess.StartAsync(port: 0, transport, protocol, patience.Token);
        try
        {
            var endpoint = new ThriftEndpoint("127.0.0.1", server.Port) { Transport = transport, Protocol = protocol };
            await using var client = MyService.CircuitBreakerClient.Connect(endpoint);
            var caller = new Caller(client);

            Say($"A Thrift server runs at {endpoint}; calling it now.");
            await caller.CallWhileAsync(() => caller.Answered < HealthyCalls, patience.Token);

            await server.DisposeAsync();
            Say("The server is stopped. Calls go on.");
            await caller.CallWhileAsync(() => client.CircuitBreaker.State == CircuitState.Closed, patience.Token);
            var downSince = TimeProvider.System.GetTimestamp();
            await caller.CallWhileAsync(() => TimeProvider.System.GetElapsedTime(downSince) < DownTime, patience.Token);

            server = await ServerProcess.StartAsync(endpoint.Port, transport, protocol, patience.Token);
            Say("The server is back. The circuit does not know yet.");
            var answered = caller.Answered;
            await caller.CallWhileAsync(() => caller.Answered < answered + HealthyCalls, patience.Token);

            Report.Print(caller);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The circuit did not open and close again within {Patience.TotalSeconds} s; is the machine very busy?");
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>A server that somebody else runs, stops and starts again meanwhile.</summary>
    public static async Task AgainstAsync(ThriftEndpoint endpoint, int calls, CancellationToken cancellationToken)
    {
        await using var client = MyService.CircuitBreakerClient.Connect(endpoint);
        var caller = new Caller(client);

        Say($"Calling the server at {endpoint}; {calls} calls, one every {Caller.Pause.TotalMilliseconds} ms.");
        Say($"Stop it and start it again meanwhile to watch the circuit.");
        await caller.CallWhileAsync(() => caller.Calls < calls, cancellationToken);
        Report.Print(caller);
    }

    private static void Say(string text) => AnsiConsole.MarkupLineInterpolated($"[bold]{text}[/]");
}
