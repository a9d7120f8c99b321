using Microsoft.Extensions.Logging;

namespace ThriftBreaker.Runtime.Tests.Telemetry;

/// <summary>A logger that keeps what it is told.</summary>
internal sealed class RecordingLogger : ILoggerFactory, ILogger
{
    public List<string> Categories { get; } = [];

    public List<Entry> Entries { get; } = [];

    public bool Throws { get; init; }

    public ILogger CreateLogger(string categoryName)
    {
        Categories.Add(categoryName);
        return this;
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (Throws)
        {
            throw new InvalidOperationException("a broken logger");
        }

        Entries.Add(new Entry(logLevel, eventId.Id, eventId.Name!, formatter(state, exception), exception));
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    internal sealed record Entry(LogLevel Level, int Id, string Name, string Message, Exception? Error);
}
