using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ThriftBreaker;
using ThriftBreaker.Hosting;
using ThriftBreaker.Hosting.Clients;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>What code can say of a client that has been added.</summary>
public static class ThriftClientBuilderExtensions
{
    /// <summary>Changes the settings of the client's circuits, after mark and configuration; also each time that the configuration changes.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="change">
    /// Gives the settings with what is to be otherwise: <c>options => options with { FailMax = 1 }</c>. The
    /// <see cref="CircuitBreakerOptions.Name"/> says which circuit it is: the client's name for that of the service, <c>MyService.doSomething</c> for that of a method.
    /// </param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IThriftClientBuilder ConfigureCircuitBreakers(this IThriftClientBuilder builder, Func<CircuitBreakerOptions, CircuitBreakerOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        Of(builder).Circuits.Add(change);
        return builder;
    }

    /// <summary>
    /// Changes the settings of the client's channel, after the configuration; also each time that the configuration changes, when only
    /// <see cref="ThriftChannelOptions.EndpointCircuitBreaker"/> is looked at.
    /// </summary>
    /// <param name="builder">The client.</param>
    /// <param name="change">Gives the settings with what is to be otherwise: <c>options => options with { CallTimeout = TimeSpan.FromSeconds(2) }</c>.</param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IThriftClientBuilder ConfigureChannel(this IThriftClientBuilder builder, Func<ThriftChannelOptions, ThriftChannelOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        Of(builder).Channel.Add(change);
        return builder;
    }

    /// <summary>
    /// Lets this source name the client's servers, in the place of everything else, and say how they are spoken to: a setting for that in the configuration ends the start.
    /// </summary>
    /// <param name="builder">The client.</param>
    /// <param name="source">Makes the source.</param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IThriftClientBuilder UseEndpoints(this IThriftClientBuilder builder, Func<IServiceProvider, IEndpointSource> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        (Of(builder).Source, Of(builder).SourceSpeaks) = ((services, _) => source(services), true);
        return builder;
    }

    /// <summary>Lets this source name the client's servers, in the place of everything else, and the configuration say how they are spoken to.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="source">
    /// Makes the source. Its second argument gives an endpoint with the <c>Transport</c>, <c>Protocol</c>, <c>Service</c> and <c>Tls</c> of the client's section:
    /// <c>(services, configured) => new DnsEndpointSource(configured(new ThriftEndpoint("orders.internal", 9090)))</c>.
    /// </param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IThriftClientBuilder UseEndpoints(
        this IThriftClientBuilder builder, Func<IServiceProvider, Func<ThriftEndpoint, ThriftEndpoint>, IEndpointSource> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        (Of(builder).Source, Of(builder).SourceSpeaks) = (source, false);
        return builder;
    }

    /// <summary>
    /// Lets another implementation of the service answer the calls that a circuit rejects: a cache, a fixed answer. The container makes it, as a singleton, unless it has
    /// one already; the client gets it when it is made, at the start of the host. A call that fails is not answered by it.
    /// </summary>
    /// <typeparam name="TFallback">A class that implements the service: <c>MyService.IAsync</c>. Otherwise the host does not start.</typeparam>
    /// <param name="builder">The client.</param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IThriftClientBuilder WithFallback<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TFallback>(this IThriftClientBuilder builder)
        where TFallback : class
    {
        Of(builder).Fallback = static services => services.GetRequiredService<TFallback>();
        builder.Services.TryAddSingleton<TFallback>();
        return builder;
    }

    /// <summary>
    /// Lets what this function gives answer the calls that a circuit rejects: another client, say, of a second server. It is asked once, when the client is made, and
    /// whoever made the fallback disposes it.
    /// </summary>
    /// <param name="builder">The client.</param>
    /// <param name="fallback">Gives an implementation of the service: <c>services => services.GetRequiredKeyedService&lt;MyService.IAsync>("second")</c>. Otherwise the host does not start.</param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IThriftClientBuilder WithFallback(this IThriftClientBuilder builder, Func<IServiceProvider, object> fallback)
    {
        ArgumentNullException.ThrowIfNull(fallback);
        Of(builder).Fallback = fallback;
        return builder;
    }

    /// <summary>
    /// Puts a pipeline around the client: what has the interface of the service injected calls by way of it, in the place of any pipeline that was
    /// named before. The circuit is inside, and judges every try. The client by its own type is the guarded one without it.
    /// </summary>
    /// <param name="builder">The client.</param>
    /// <param name="pipeline">Makes the pipeline, once, when the client is made.</param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IThriftClientBuilder UsePipeline(this IThriftClientBuilder builder, Func<IServiceProvider, ICallPipeline> pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        Of(builder).Pipeline = pipeline;
        return builder;
    }

    private static ClientRegistration Of(IThriftClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return (builder as ThriftClientBuilder ?? throw new ArgumentException("The builder must be the one that AddThriftClient gave.", nameof(builder))).Registration;
    }
}
