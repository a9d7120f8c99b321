using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ThriftBreaker.Hosting.Settings;

namespace ThriftBreaker.Hosting.Clients;

/// <summary>Makes one client as mark, configuration and code want it.</summary>
internal sealed class ThriftClientInfoOf<TClient> : ThriftClientInfo, IDisposable, IAsyncDisposable
    where TClient : class, IThriftClient<TClient>
{
    private readonly ClientSettings _settings;
    private readonly ILoggerFactory _loggers;
    private readonly List<ClientCircuitBreaker> _circuits = [];
    private readonly ClientReload _reload;

    /// <exception cref="InvalidOperationException">A setting is wrong; the message names the key and the remedy.</exception>
    private ThriftClientInfoOf(ClientRegistration registration, ClientSettings settings, ThriftChannel channel, IServiceProvider services)
        : base(registration.Name, registration.Service, channel)
    {
        _settings = settings;
        _loggers = services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
        Client = TClient.Connect(channel, Circuit, registration.Fallback is { } fallback ? CircularDependencyGuard.Make(registration, "fallback", () => fallback(services)) : null);
        Offered = registration.Pipeline is { } pipeline ? TClient.WithPipeline(Client, CircularDependencyGuard.Make(registration, "pipeline", () => pipeline(services))) : Client;
        CircuitBreakers = [.. _circuits.Select(static circuit => circuit.CircuitBreaker)];
        settings.Section.Check([.. _circuits.Select(static circuit => circuit.Method).OfType<string>()]);
        _reload = new ClientReload(registration, settings, channel, [.. _circuits], _loggers.CreateLogger(typeof(IThriftClientRegistry).FullName!));
    }

    public TClient Client { get; }

    /// <summary>Gets the client that consumers of the service get: the client, or the one that makes its calls through the pipeline.</summary>
    public TClient Offered { get; }

    public override CircuitBreaker? CircuitBreaker => _circuits.Find(static circuit => circuit.Method is null)?.CircuitBreaker;

    public override IReadOnlyList<CircuitBreaker> CircuitBreakers { get; }

    /// <exception cref="InvalidOperationException">A setting is wrong, or there is no endpoint; the message names the key and the remedy.</exception>
    public static ThriftClientInfoOf<TClient> Create(ClientRegistration registration, IServiceProvider services)
    {
        var configuration = services.GetService<IConfiguration>() ?? new ConfigurationManager();
        var settings = new ClientSettings(
            registration,
            new ClientSection(configuration.GetSection(ClientSection.Root).GetSection(registration.Name)),
            services.GetService<TimeProvider>() ?? TimeProvider.System);
        var channel = ChannelFactory.Make(registration, settings, services);
        try
        {
            return new ThriftClientInfoOf<TClient>(registration, settings, channel, services);
        }
        catch (ArgumentException error)
        {
            channel.Dispose();
            throw new InvalidOperationException($"The client '{registration.Name}' cannot be made: {SettingText.Sentence(error)}", error);
        }
        catch
        {
            channel.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _reload.Dispose();
        Channel.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        _reload.Dispose();
        return Channel.DisposeAsync();
    }

    private CircuitBreaker Circuit(CircuitBreakerOptions mark)
    {
        var method = mark.Name.StartsWith(TClient.DefaultOptions.Name + '.', StringComparison.Ordinal) ? mark.Name[(TClient.DefaultOptions.Name.Length + 1)..] : null;
        var options = _settings.Circuit(mark, method);
        try
        {
            var breaker = new CircuitBreaker(options);
            breaker.LogTo(_loggers);
            _circuits.Add(new ClientCircuitBreaker(breaker, mark, method, options));
            return breaker;
        }
        catch (ArgumentException contradiction)
        {
            throw _settings.Contradiction(options.Name, contradiction);
        }
    }
}
