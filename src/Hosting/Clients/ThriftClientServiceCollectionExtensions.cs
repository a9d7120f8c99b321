using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ThriftBreaker;
using ThriftBreaker.Hosting;
using ThriftBreaker.Hosting.Clients;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds generated clients to a container.</summary>
public static class ThriftClientServiceCollectionExtensions
{
    /// <summary>Adds a client of the server at this address. What else there is to say of it stands at the overload without an address.</summary>
    /// <inheritdoc cref="AddThriftClient{TClient}(IServiceCollection, ThriftEndpoint[])"/>
    public static IThriftClientBuilder AddThriftClient<TClient>(this IServiceCollection services, string host, int port)
        where TClient : class, IThriftClient<TClient>
        => services.AddThriftClient<TClient>(new ThriftEndpoint(host, port));

    /// <summary>
    /// Adds a client, as a singleton, under its own type and under the interface of its service. It is named as its mark names its circuit (<c>MyService</c>), and
    /// the section <c>ThriftBreaker:MyService</c> of the configuration has its settings: the circuit's (<c>FailMax</c>), those of single methods
    /// (<c>Methods:doSomething:FailMax</c>), the channel's (<c>CallTimeout</c>) and <c>Endpoints</c>. The settings of the mark hold where the section says
    /// nothing, and code has the last word.
    /// </summary>
    /// <remarks>
    /// Its circuit and its channel are there under its name, as keyed services: <c>[FromKeyedServices("MyService")] CircuitBreaker</c>, <see cref="ThriftChannel"/>;
    /// <see cref="IThriftClientRegistry"/> has all of them. The host makes it when it starts, and does not start where a setting is wrong. Nothing is connected before the first call. A change of the
    /// configuration reaches the circuits at once, which keep their state; the channel keeps its settings and endpoints.
    /// </remarks>
    /// <typeparam name="TClient">The generated client: <c>MyService.CircuitBreakerClient</c>.</typeparam>
    /// <param name="services">The container.</param>
    /// <param name="endpoints">The servers; none where the configuration names them.</param>
    /// <returns>For what else is to be said of the client.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">There is a client of this name already, or it has a colon in it, which is the configuration's own.</exception>
    public static IThriftClientBuilder AddThriftClient<TClient>(this IServiceCollection services, params ThriftEndpoint[] endpoints)
        where TClient : class, IThriftClient<TClient>
    {
        ArgumentNullException.ThrowIfNull(services);
        var name = TClient.DefaultOptions.Name;
        if (IsPath(name))
        {
            throw new InvalidOperationException(
                $"The mark of {TClient.ServiceType} names its circuit '{name}', and a client's name must not have a colon in it: it is the name of a section of the configuration. Give the mark another name, or add the client by AddKeyedThriftClient(\"…\", …).");
        }

        var builder = AddHosted<TClient>(services, name, endpoints);
        services.AddSingleton(provider => Hosted<TClient>(provider, name).Client);
        services.AddSingleton(TClient.ServiceType, provider => Hosted<TClient>(provider, name).Offered);
        return builder;
    }

    /// <summary>Adds a client of the server at this address under a name.</summary>
    /// <inheritdoc cref="AddKeyedThriftClient{TClient}(IServiceCollection, string, ThriftEndpoint[])"/>
    public static IThriftClientBuilder AddKeyedThriftClient<TClient>(this IServiceCollection services, string name, string host, int port)
        where TClient : class, IThriftClient<TClient>
        => services.AddKeyedThriftClient<TClient>(name, new ThriftEndpoint(host, port));

    /// <summary>
    /// Adds a client under a name, for a host that has several of one service: <c>[FromKeyedServices("reports")] MyService.IAsync</c> gets it. The name is
    /// also that of its section in the configuration (<c>ThriftBreaker:reports</c>) and of its circuits. All else is as
    /// <see cref="AddThriftClient{TClient}(IServiceCollection, ThriftEndpoint[])"/> has it.
    /// </summary>
    /// <typeparam name="TClient">The generated client: <c>MyService.CircuitBreakerClient</c>.</typeparam>
    /// <param name="services">The container.</param>
    /// <param name="name">The name.</param>
    /// <param name="endpoints">The servers; none where the configuration names them.</param>
    /// <returns>For what else is to be said of the client.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is blank, or has a colon, which is the configuration's own.</exception>
    /// <exception cref="InvalidOperationException">There is a client of this name already.</exception>
    public static IThriftClientBuilder AddKeyedThriftClient<TClient>(this IServiceCollection services, string name, params ThriftEndpoint[] endpoints)
        where TClient : class, IThriftClient<TClient>
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (IsPath(name))
        {
            throw new ArgumentException("A client's name must not have a colon in it: it is the name of a section of the configuration.", nameof(name));
        }

        var builder = AddHosted<TClient>(services, name, endpoints);
        services.AddKeyedSingleton(name, (provider, _) => Hosted<TClient>(provider, name).Client);
        services.AddKeyedSingleton(TClient.ServiceType, name, (provider, _) => Hosted<TClient>(provider, name).Offered);
        return builder;
    }

    private static ThriftClientBuilder AddHosted<TClient>(IServiceCollection services, string name, ThriftEndpoint[] endpoints)
        where TClient : class, IThriftClient<TClient>
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var registration = new ClientRegistration(name, TClient.ServiceType, endpoints);
        if (services.Select(static service => service.ServiceType == typeof(ClientRegistration) ? (ClientRegistration?)service.ImplementationInstance : null).FirstOrDefault(
                other => string.Equals(other?.Name, name, StringComparison.OrdinalIgnoreCase)) is { } other)
        {
            throw new InvalidOperationException(
                $"There is a client '{other.Name}' already, of {other.Service}. Give this one, of {registration.Service}, a name of its own: AddKeyedThriftClient(\"…\", …).");
        }

        services.AddSingleton(registration);
        services.AddKeyedSingleton<ThriftClientInfo>(name, (provider, _) => ThriftClientInfoOf<TClient>.Create(registration, provider));
        services.AddKeyedSingleton(name, static (provider, client) => provider.GetRequiredKeyedService<ThriftClientInfo>(client).Channel);
        services.AddKeyedSingleton(name, static (provider, client) => provider.GetRequiredKeyedService<ThriftClientInfo>(client).CircuitBreaker ?? throw new InvalidOperationException(
            $"The client '{client}' has a circuit for each method and none for the service; IThriftClientRegistry lists them."));
        services.TryAddSingleton<IThriftClientRegistry>(static provider => new ThriftClientRegistry(provider));
        services.AddHostedService<ClientsStartup>();
        return new ThriftClientBuilder(services, registration);
    }

    private static bool IsPath(string name) => name.Contains(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal);

    private static ThriftClientInfoOf<TClient> Hosted<TClient>(IServiceProvider services, string name)
        where TClient : class, IThriftClient<TClient>
        => (ThriftClientInfoOf<TClient>)services.GetRequiredKeyedService<ThriftClientInfo>(name);
}
