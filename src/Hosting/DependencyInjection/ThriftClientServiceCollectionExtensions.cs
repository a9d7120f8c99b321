using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ThriftBreaker;
using ThriftBreaker.Hosting;
using ThriftBreaker.Hosting.Clients;
using ThriftBreaker.Hosting.DependencyInjection;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds generated clients to a container.</summary>
public static class ThriftClientServiceCollectionExtensions
{
    /// <summary>Adds a client of the server at this address; see the overload without an address.</summary>
    /// <inheritdoc cref="AddThriftClient{TClient}(IServiceCollection, ThriftEndpoint[])"/>
    public static IThriftClientBuilder AddThriftClient<TClient>(this IServiceCollection services, string host, int port)
        where TClient : class, IThriftClient<TClient>
        => services.AddThriftClient<TClient>(new ThriftEndpoint(host, port));

    /// <summary>
    /// Adds a client as a singleton, under its own type and under the interface of its service. Its name is the name of
    /// the circuit breaker in the attribute (<c>MyService</c>), and its settings are the
    /// <see cref="ThriftClientOptions"/> of that name.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The settings come from the attribute, then from the configuration section <c>ThriftBreaker:MyService</c>, then
    /// from code. The section has the settings of the circuit breaker (<c>FailMax</c>), those of single methods
    /// (<c>Methods:doSomething:FailMax</c>), those of the channel (<c>CallTimeout</c>) and <c>Endpoints</c>.
    /// </para>
    /// <para>
    /// The host creates the client when it starts, and does not start if a setting is wrong. No connection is opened
    /// before the first call. A change of the configuration applies to the circuit breakers, which keep their state;
    /// the channel keeps its settings and endpoints.
    /// </para>
    /// <para>
    /// The circuit breaker and the channel are keyed services of the client's name:
    /// <c>[FromKeyedServices("MyService")] CircuitBreaker</c>, <see cref="ThriftChannel"/>.
    /// <see cref="IThriftClientRegistry"/> lists all clients.
    /// </para>
    /// </remarks>
    /// <typeparam name="TClient">The generated client: <c>MyService.CircuitBreakerClient</c>.</typeparam>
    /// <param name="services">The container.</param>
    /// <param name="endpoints">The servers; none where the configuration or the options name them.</param>
    /// <returns>A builder that configures the client.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">
    /// A client of this name exists, or the name contains a colon, which separates configuration sections.
    /// </exception>
    public static IThriftClientBuilder AddThriftClient<TClient>(this IServiceCollection services, params ThriftEndpoint[] endpoints)
        where TClient : class, IThriftClient<TClient>
    {
        ArgumentNullException.ThrowIfNull(services);
        var name = TClient.DefaultOptions.Name;
        if (IsPath(name))
        {
            throw new InvalidOperationException(
                $"The attribute of {TClient.ServiceType} names its circuit breaker '{name}', and a client's name must not have a colon in it: it is the name of a section of the configuration. Change the name in the attribute, or add the client by AddKeyedThriftClient(\"…\", …).");
        }

        var builder = AddClient<TClient>(services, name, endpoints, static provider => provider.GetService(TClient.ServiceType));
        services.AddSingleton(provider => GetClient<TClient>(provider, name).Client);
        services.AddSingleton(TClient.ServiceType, provider => GetClient<TClient>(provider, name).Service);
        return builder;
    }

    /// <summary>Adds a client of the server at this address under a name.</summary>
    /// <inheritdoc cref="AddKeyedThriftClient{TClient}(IServiceCollection, string, ThriftEndpoint[])"/>
    public static IThriftClientBuilder AddKeyedThriftClient<TClient>(this IServiceCollection services, string name, string host, int port)
        where TClient : class, IThriftClient<TClient>
        => services.AddKeyedThriftClient<TClient>(name, new ThriftEndpoint(host, port));

    /// <summary>
    /// Adds a client under a name, for a host that has several clients of one service:
    /// <c>[FromKeyedServices("reports")] MyService.IAsync</c>. The name is also that of its
    /// <see cref="ThriftClientOptions"/>, its configuration section (<c>ThriftBreaker:reports</c>) and its circuit
    /// breaker.
    /// </summary>
    /// <remarks>
    /// In all other respects as <see cref="AddThriftClient{TClient}(IServiceCollection, ThriftEndpoint[])"/>.
    /// </remarks>
    /// <typeparam name="TClient">The generated client: <c>MyService.CircuitBreakerClient</c>.</typeparam>
    /// <param name="services">The container.</param>
    /// <param name="name">The name.</param>
    /// <param name="endpoints">The servers; none where the configuration or the options name them.</param>
    /// <returns>A builder that configures the client.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="name"/> is blank, or contains a colon, which separates configuration sections.
    /// </exception>
    /// <exception cref="InvalidOperationException">A client of this name exists.</exception>
    public static IThriftClientBuilder AddKeyedThriftClient<TClient>(this IServiceCollection services, string name, params ThriftEndpoint[] endpoints)
        where TClient : class, IThriftClient<TClient>
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (IsPath(name))
        {
            throw new ArgumentException("A client's name must not have a colon in it: it is the name of a section of the configuration.", nameof(name));
        }

        var builder = AddClient<TClient>(services, name, endpoints, provider => ((IKeyedServiceProvider)provider).GetKeyedService(TClient.ServiceType, name));
        services.AddKeyedSingleton(name, (provider, _) => GetClient<TClient>(provider, name).Client);
        services.AddKeyedSingleton(TClient.ServiceType, name, (provider, _) => GetClient<TClient>(provider, name).Service);
        return builder;
    }

    private static ThriftClientBuilder AddClient<TClient>(
        IServiceCollection services, string name, ThriftEndpoint[] endpoints, Func<IServiceProvider, object?> getService)
        where TClient : class, IThriftClient<TClient>
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var registration = new ClientRegistration(name, TClient.ServiceType, TClient.DefaultOptions, endpoints) { GetService = getService };
        if (services.Select(static service => service.ServiceType == typeof(ClientRegistration) ? (ClientRegistration?)service.ImplementationInstance : null).FirstOrDefault(
                other => string.Equals(other?.Name, name, StringComparison.OrdinalIgnoreCase)) is { } other)
        {
            throw new InvalidOperationException(
                $"There is a client '{other.Name}' already, of {other.Service}. Give this one, of {registration.Service}, another name: AddKeyedThriftClient(\"…\", …).");
        }

        services.AddSingleton(registration);
        services.AddKeyedSingleton<ThriftClientInfo>(name, (provider, _) => HostedThriftClient<TClient>.Create(registration, provider));
        services.AddKeyedSingleton(name, static (provider, client) => provider.GetRequiredKeyedService<ThriftClientInfo>(client).Channel);
        services.AddKeyedSingleton(name, static (provider, client) => provider.GetRequiredKeyedService<ThriftClientInfo>(client).CircuitBreaker ?? throw new InvalidOperationException(
            $"The client '{client}' has a circuit breaker for each method and none for the service; IThriftClientRegistry lists them."));
        services.TryAddSingleton<IThriftClientRegistry>(static provider => new ThriftClientRegistry(provider));
        AddClientOptions(services, name);
        services.AddHostedService<ClientsStartup>();
        return new ThriftClientBuilder(services, registration);
    }

    private static void AddClientOptions(IServiceCollection services, string name)
    {
        services.AddOptions<ThriftClientOptions>(name).ValidateOnStart();
        services.TryAddTransient<IOptionsFactory<ThriftClientOptions>, ClientOptionsFactory>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<ThriftClientOptions>, ConfigureClientOptions>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ThriftClientOptions>, ValidateClientOptions>());
        services.TryAddSingleton<CreatedCircuitBreakers>();
        services.AddSingleton<IOptionsChangeTokenSource<ThriftClientOptions>>(provider => new ClientOptionsChangeTokenSource(
            name, provider.GetRequiredService<IOptionsFactory<ThriftClientOptions>>(), provider.GetService<IConfiguration>(), provider.GetService<ILoggerFactory>()));
    }

    private static bool IsPath(string name) => name.Contains(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal);

    private static HostedThriftClient<TClient> GetClient<TClient>(IServiceProvider services, string name)
        where TClient : class, IThriftClient<TClient>
        => (HostedThriftClient<TClient>)services.GetRequiredKeyedService<ThriftClientInfo>(name);
}
