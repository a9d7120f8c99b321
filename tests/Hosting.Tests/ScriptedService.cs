using Circuit.Example;
using Microsoft.Extensions.Logging.Abstractions;

namespace ThriftBreaker.Hosting.Tests;

/// <summary>A real server whose handler fails as often as it is told to, and counts what reaches it.</summary>
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

    /// <summary>How many calls have reached it.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <param name="failures">How many calls fail, before all others are answered.</param>
    public static ScriptedService Start(int failures = 0) => new(failures);

    public Task<Response> doSomething(Request? request, CancellationToken cancellationToken = default)
        => Interlocked.Increment(ref _calls) <= _failures
            ? throw new InvalidOperationException("as scripted")
            : Task.FromResult(new Response { Success = true });

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
