using Circuit.Example;
using Spectre.Console;
using ThriftBreaker;

namespace QuickStart;

/// <summary>Runs the two scenarios of the sample.</summary>
internal static class Demo
{
    private const int HealthyCalls = 20;
    private static readonly TimeSpan DownTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    /// <summary>Calls the sample's own server while it stops and restarts.</summary>
    public static async Task WithOwnServerAsync(ThriftTransport transport, ThriftProtocol protocol, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Timeout);

        var server = await ServerProcess.StartAsync(port: 0, transport, protocol, timeout.Token);
        try
        {
            var endpoint = new ThriftEndpoint("127.0.0.1", server.Port) { Transport = transport, Protocol = protocol };
            await using var client = MyService.CircuitBreakerClient.Connect(endpoint);
            var caller = new Caller(client);

            Print($"A Thrift server runs at {endpoint}; the calls start.");
            await caller.CallWhileAsync(() => caller.Answered < HealthyCalls, timeout.Token);

            await server.DisposeAsync();
            Print("The server is stopped; the calls continue.");
            await caller.CallWhileAsync(() => client.CircuitBreaker.State == CircuitState.Closed, timeout.Token);
            var downSince = TimeProvider.System.GetTimestamp();
            await caller.CallWhileAsync(() => TimeProvider.System.GetElapsedTime(downSince) < DownTime, timeout.Token);

            server = await ServerProcess.StartAsync(endpoint.Port, transport, protocol, timeout.Token);
            Print("The server runs again; the circuit stays open until a probe succeeds.");
            var answered = caller.Answered;
            await caller.CallWhileAsync(() => caller.Answered < answered + HealthyCalls, timeout.Token);

            Report.Print(caller);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The circuit did not open and close again within {Timeout.TotalSeconds} s; is the machine very busy?");
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>Calls a server that the user stops and restarts.</summary>
    public static async Task AgainstAsync(ThriftEndpoint endpoint, int calls, CancellationToken cancellationToken)
    {
        await using var client = MyService.CircuitBreakerClient.Connect(endpoint);
        var caller = new Caller(client);

        Print($"Calling the server at {endpoint}; {calls} calls, one every {Caller.Pause.TotalMilliseconds} ms.");
        Print("Stop and restart it to watch the circuit.");
        await caller.CallWhileAsync(() => caller.Calls < calls, cancellationToken);
        Report.Print(caller);
    }

    private static void Print(string text) => AnsiConsole.MarkupLineInterpolated($"[bold]{text}[/]");
}
