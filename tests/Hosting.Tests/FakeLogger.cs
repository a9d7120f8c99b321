using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ThriftBreaker.Hosting.Tests;

/// <summary>Records log entries: the level, the text and the message of the exception.</summary>
internal sealed class FakeLogger : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Lines { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => Lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception?.Message}");

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;

    public void Dispose()
    {
    }
}
