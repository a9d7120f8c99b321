using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ThriftBreaker;
using ThriftBreaker.Hosting;
using ThriftBreaker.Hosting.Clients;
using ThriftBreaker.Hosting.DependencyInjection;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Provides the configuration in code of a client that has been added.</summary>
public static class ThriftClientBuilderExtensions
{
    /// <summary>
    /// Configures the options of the client, after attribute and configuration:
    /// <c>options => options.Channel.CallTimeout = TimeSpan.FromSeconds(2)</c>. The same as
    /// <c>services.Configure&lt;ThriftClientOptions>(builder.Name, …)</c>.
    /// </summary>
    /// <param name="builder">The client.</param>
    /// <param name="configure">Assigns settings. It runs again when the configuration changes.</param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IThriftClientBuilder Configure(this IThriftClientBuilder builder, Action<ThriftClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure(builder.Name, configure);
        return builder;
    }

    /// <summary>
    /// Configures each circuit breaker of the client, those of single methods too, after attribute and configuration:
    /// <c>options => options.FailMax = 1</c>.
    /// </summary>
    /// <param name="builder">The client.</param>
    /// <param name="configure">
    /// Assigns settings. It runs for each circuit breaker, more than once, and again when the configuration changes.
    /// <see cref="ThriftClientCircuitBreakerOptions.Name"/> identifies the circuit breaker: the name of the client for
    /// the service's, <c>MyService.doSomething</c> for that of a method.
    /// </param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IThriftClientBuilder ConfigureCircuitBreakers(this IThriftClientBuilder builder, Action<ThriftClientCircuitBreakerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return builder.Configure(options => options.CircuitBreaker.ConfigureAll(configure));
    }

    /// <summary>
    /// Configures the connections of the client, after the configuration:
    /// <c>options => options.CallTimeout = TimeSpan.FromSeconds(2)</c>.
    /// </summary>
    /// <param name="builder">The client.</param>
    /// <param name="configure">
    /// Assigns settings. Connections keep the settings that the client was created with.
    /// </param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IThriftClientBuilder ConfigureChannel(this IThriftClientBuilder builder, Action<ThriftClientChannelOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return builder.Configure(options => configure(options.Channel));
    }

    /// <summary>
    /// Takes the endpoints of the client, with their transport and protocol, from a source, instead of all other
    /// endpoints. The host does not start if the configuration sets a transport or protocol too, which would be
    /// ignored.
    /// </summary>
    /// <param name="builder">The client.</param>
    /// <param name="source">Creates the source.</param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IThriftClientBuilder UseEndpoints(this IThriftClientBuilder builder, Func<IServiceProvider, IEndpointSource> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var registration = GetRegistration(builder);
        (registration.Source, registration.SourceSetsTransport) = ((services, _) => source(services), true);
        return builder;
    }

    /// <summary>
    /// Takes the endpoints of the client from a source, instead of all other endpoints, and their transport and
    /// protocol from the options.
    /// </summary>
    /// <param name="builder">The client.</param>
    /// <param name="source">
    /// Creates the source. Its second argument applies the <c>Transport</c>, <c>Protocol</c>, <c>Service</c> and
    /// <c>Tls</c> of the client's options to an endpoint:
    /// <c>(services, configured) => new DnsEndpointSource(configured(new ThriftEndpoint("orders.internal", 9090)))</c>.
    /// </param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IThriftClientBuilder UseEndpoints(
        this IThriftClientBuilder builder, Func<IServiceProvider, Func<ThriftEndpoint, ThriftEndpoint>, IEndpointSource> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var registration = GetRegistration(builder);
        (registration.Source, registration.SourceSetsTransport) = (source, false);
        return builder;
    }

    /// <summary>
    /// Answers rejected calls with another implementation of the service, for example a cache. A call that fails is not
    /// answered by it.
    /// </summary>
    /// <remarks>
    /// The container creates it as a singleton unless it has a registration. The client gets it when it is created, at
    /// the start of the host.
    /// </remarks>
    /// <typeparam name="TFallback">
    /// A class that implements the service: <c>MyService.IAsync</c>. The host does not start if it implements another
    /// one, or depends on this client.
    /// </typeparam>
    /// <param name="builder">The client.</param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IThriftClientBuilder WithFallback<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TFallback>(this IThriftClientBuilder builder)
        where TFallback : class
    {
        GetRegistration(builder).Fallback = static services => services.GetRequiredService<TFallback>();
        builder.Services.TryAddSingleton<TFallback>();
        return builder;
    }

    /// <summary>
    /// Answers rejected calls with the implementation of the service that a function returns, for example a client of a
    /// second server. The function runs once, when the client is created. The client does not dispose the fallback.
    /// </summary>
    /// <param name="builder">The client.</param>
    /// <param name="fallback">
    /// Returns an implementation of the service:
    /// <c>services => services.GetRequiredKeyedService&lt;MyService.IAsync>("second")</c>. The host does not start if
    /// it returns something else, or depends on this client.
    /// </param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IThriftClientBuilder WithFallback(this IThriftClientBuilder builder, Func<IServiceProvider, object> fallback)
    {
        ArgumentNullException.ThrowIfNull(fallback);
        GetRegistration(builder).Fallback = fallback;
        return builder;
    }

    /// <summary>
    /// Adds a pipeline around the client, instead of a pipeline that was added before. Calls through the interface of
    /// the service use the pipeline; calls through the client's own type do not. The circuit breaker is inside and
    /// counts every attempt.
    /// </summary>
    /// <param name="builder">The client.</param>
    /// <param name="pipeline">Creates the pipeline. It runs once, when the client is created.</param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IThriftClientBuilder UsePipeline(this IThriftClientBuilder builder, Func<IServiceProvider, ICallPipeline> pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        GetRegistration(builder).Pipeline = pipeline;
        return builder;
    }

    private static ClientRegistration GetRegistration(IThriftClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return (builder as ThriftClientBuilder ?? throw new ArgumentException("The builder must be one that AddThriftClient returned.", nameof(builder))).Registration;
    }
}
