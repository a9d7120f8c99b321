using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ThriftBreaker.Hosting.Configuration;

namespace ThriftBreaker.Hosting.Clients;

/// <summary>Updates the circuit breakers of one client when its options change while the host runs.</summary>
internal sealed class ClientReload : IDisposable
{
    private readonly string _client;
    private readonly ClientCircuitBreakers _circuitBreakers;
    private readonly ClientSection _section;
    private readonly ILogger _logger;
    private readonly object _updating = new();
    private readonly IReadOnlyDictionary<string, string> _connectionSettings;
    private readonly IDisposable? _changes;
    private string _pending = "";

    public ClientReload(
        string client,
        IOptionsMonitor<ThriftClientOptions> options,
        ClientCircuitBreakers circuitBreakers,
        ClientSection section,
        ILoggerFactory loggers)
    {
        (_client, _circuitBreakers, _section) = (client, circuitBreakers, section);
        _logger = loggers.CreateHostingLogger();
        _connectionSettings = section.GetConnectionSettings();
        _changes = options.OnChange(Update);
    }

    public void Dispose() => _changes?.Dispose();

    /// <summary>
    /// Options that are not valid leave all circuit breakers of the client unchanged: part of a change could be worse
    /// than none. Few are rejected here: <see cref="ClientOptionsChangeTokenSource"/> validates changes before.
    /// </summary>
    private void Update(ThriftClientOptions options, string? name)
    {
        if (name != _client)
        {
            return;
        }

        lock (_updating)
        {
            try
            {
                _circuitBreakers.Validate(options);
                if (_circuitBreakers.Update(options) is { Count: > 0 } changes)
                {
                    HostingLog.ChangeApplied(
                        _logger, LogText.Escape(_client), LogText.Escape(string.Join("; ", changes)));
                }
            }
#pragma warning disable CA1031 // Actions of the user may throw anything.
            catch (Exception error)
#pragma warning restore CA1031
            {
                _logger.LogRejection(_client, error);
                return;
            }

            LogPendingChanges();
        }
    }

    /// <summary>Connections keep the settings that they were created with. A change of these is logged once.</summary>
    private void LogPendingChanges()
    {
        var settings = _section.GetConnectionSettings();
        var changed = settings.Except(_connectionSettings).Concat(_connectionSettings.Except(settings));
        var pending = string.Join(", ", changed.Select(static setting => setting.Key).Distinct());
        if (pending.Length > 0 && pending != _pending)
        {
            HostingLog.ChangeRequiresRestart(_logger, LogText.Escape(_client), LogText.Escape(pending));
        }

        _pending = pending;
    }
}
