using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ThriftBreaker.Hosting.Configuration;

namespace ThriftBreaker.Hosting.Clients;

/// <summary>Represents a client that the container has created from its options.</summary>
internal sealed class HostedThriftClient<TClient> : ThriftClientInfo, IDisposable, IAsyncDisposable
    where TClient : class, IThriftClient<TClient>
{
    private readonly ClientCircuitBreakers _circuitBreakers;
    private readonly ClientReload _reload;

    /// <exception cref="OptionsValidationException">The options are not valid.</exception>
    /// <exception cref="ArgumentException">The fallback does not implement the service.</exception>
    private HostedThriftClient(
        ClientRegistration registration,
        IOptionsMonitor<ThriftClientOptions> monitor,
        ThriftClientOptions options,
        ThriftChannel channel,
        IServiceProvider services)
        : base(registration.Name, registration.Service, channel)
    {
        var loggers = services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
        var section = new ClientSection(services.GetService<IConfiguration>(), registration.Name);
        _circuitBreakers = new ClientCircuitBreakers(registration.Name, TClient.DefaultOptions.Name, loggers, section, new EndpointCircuitBreakers(registration.Name, channel));
        var fallback = CreatePart(registration, "fallback", registration.Fallback, services);
        Client = TClient.Connect(channel, attributeOptions => _circuitBreakers.Create(attributeOptions, options), fallback);
        var pipeline = CreatePart(registration, "pipeline", registration.Pipeline, services);
        Service = pipeline is null ? Client : TClient.WithPipeline(Client, pipeline);
        CircuitBreakers = _circuitBreakers.All;
        _circuitBreakers.ValidateMethods(options);
        services.GetRequiredService<CreatedCircuitBreakers>().Add(registration.Name, _circuitBreakers);
        _reload = new ClientReload(registration.Name, monitor, _circuitBreakers, section, loggers);
    }

    /// <summary>Gets the client without its pipeline, which is injected as <typeparamref name="TClient"/>.</summary>
    public TClient Client { get; }

    /// <summary>Gets the client with its pipeline, which is injected as the interface of the service.</summary>
    public TClient Service { get; }

    public override CircuitBreaker? CircuitBreaker => _circuitBreakers.ServiceCircuitBreaker;

    public override IReadOnlyList<CircuitBreaker> CircuitBreakers { get; }

    /// <exception cref="OptionsValidationException">
    /// The options are not valid; the message names the key and the remedy.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// A part of the client depends on it, or does not implement the service.
    /// </exception>
    public static HostedThriftClient<TClient> Create(ClientRegistration registration, IServiceProvider services)
    {
        var (monitor, options) = CircularDependencyGuard.Create(registration, "configuration", () =>
        {
            var monitor = services.GetRequiredService<IOptionsMonitor<ThriftClientOptions>>();
            return (monitor, monitor.Get(registration.Name));
        });
        var channel = ChannelFactory.Create(registration, options, services);
        try
        {
            return new HostedThriftClient<TClient>(registration, monitor, options, channel, services);
        }
        catch (ArgumentException error)
        {
            channel.Dispose();
            throw new InvalidOperationException($"The client '{registration.Name}' cannot be made: {SettingText.GetSentence(error)}", error);
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

    private static T? CreatePart<T>(ClientRegistration registration, string part, Func<IServiceProvider, T>? create, IServiceProvider services)
        where T : class
        => create is null ? null : CircularDependencyGuard.Create(registration, part, () => create(services));
}
