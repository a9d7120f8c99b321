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
    public static IThriftClientBuilder ConfigureCircuits(this IThriftClientBuilder builder, Func<CircuitBreakerOptions, CircuitBreakerOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        Of(builder).Circuits.Add(change);
        return builder;
    }

    /// <summary>Changes the settings of the client's channel, after the configuration.</summary>
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

    /// <summary>Lets this source name the client's servers, in the place of everything else.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="source">Makes the source.</param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IThriftClientBuilder UseEndpoints(this IThriftClientBuilder builder, Func<IServiceProvider, IEndpointSource> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        Of(builder).Source = source;
        return builder;
    }

    private static ClientRegistration Of(IThriftClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return (builder as ThriftClientBuilder ?? throw new ArgumentException("The builder must be the one that AddThriftClient gave.", nameof(builder))).Registration;
    }
}
