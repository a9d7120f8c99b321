using Circuit.Example;
using Microsoft.Extensions.Logging.Abstractions;

namespace ThriftBreaker.Hosting.Tests;

/// <summary>Runs a real server whose handler fails a number of times, and counts the calls.</summary>
internal sealed class ScriptedService : MyService.IAsync, IAsyncDisposable
{
    private readonly CalculatorServer _server;
    private readonly int _failures;
    private int _calls;

    private ScriptedService(int failures)
    {
        _failures = failures;
        _server = CalculatorServer.StartOther(new MyService.AsyncProcessor(this, NullLogger<MyService.AsyncProcessor>.Instance));
    }

    public ThriftEndpoint Endpoint => new("127.0.0.1", _server.Port);

    /// <summary>Gets the number of calls that the server has received.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <param name="failures">The number of calls that fail before the others succeed.</param>
    public static ScriptedService Start(int failures = 0) => new(failures);

    public Task<Response> doSomething(Request? request, CancellationToken cancellationToken = default)
        => Interlocked.Increment(ref _calls) <= _failures
            ? throw new InvalidOperationException("as scripted")
            : Task.FromResult(new Response { Success = true });

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
