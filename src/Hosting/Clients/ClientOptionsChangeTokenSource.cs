using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using ThriftBreaker.Hosting.Configuration;

namespace ThriftBreaker.Hosting.Clients;

/// <summary>
/// Reports a change of a client's configuration section to <see cref="IOptionsMonitor{TOptions}"/> if the changed
/// options are valid. It logs a change that is not, and the monitor keeps the options before it: an error in a file
/// must not stop an application that runs.
/// </summary>
internal sealed class ClientOptionsChangeTokenSource : IOptionsChangeTokenSource<ThriftClientOptions>, IDisposable
{
    private readonly IOptionsFactory<ThriftClientOptions> _factory;
    private readonly ILogger _logger;
    private readonly IDisposable _changes;
    private readonly SectionSources _sources;
    private readonly object _reporting = new();
    private string? _rejection;
    private ConfigurationReloadToken _token = new();

    public ClientOptionsChangeTokenSource(
        string client, IOptionsFactory<ThriftClientOptions> factory, IConfiguration? configuration, ILoggerFactory? loggers)
    {
        (Name, _factory) = (client, factory);
        _logger = (loggers ?? NullLoggerFactory.Instance).CreateHostingLogger();
        _sources = new SectionSources(configuration, client);
        _changes = ChangeToken.OnChange(new ClientSection(configuration, client).GetReloadToken, Report);
    }

    public string? Name { get; }

    public IChangeToken GetChangeToken() => Volatile.Read(ref _token);

    public void Dispose() => _changes.Dispose();

    /// <summary>One report at a time: the options of an earlier change must not replace those of a later one.</summary>
    private void Report()
    {
        lock (_reporting)
        {
            try
            {
                if (_sources.FindLoss() is { } loss)
                {
                    throw ClientOptionsErrors.Create(Name!, loss);
                }

                _ = _factory.Create(Name!);
            }
#pragma warning disable CA1031 // Actions of the user may throw anything.
            catch (Exception error)
#pragma warning restore CA1031
            {
                LogOnce(error);
                return;
            }

            _rejection = null;
            _sources.Remember();
            Interlocked.Exchange(ref _token, new ConfigurationReloadToken()).OnReload();
        }
    }

    /// <summary>
    /// The same mistake is found again by each later change, also of other sources, and by the second event that a file
    /// mostly raises.
    /// </summary>
    private void LogOnce(Exception error)
    {
        if (_rejection != error.Message)
        {
            _rejection = error.Message;
            _logger.LogRejection(Name!, error);
        }
    }
}
