using Microsoft.Extensions.Options;
using Microsoft.Extensions.ServiceDiscovery;
using ThriftBreaker;
using ThriftBreaker.Hosting;
using ThriftBreaker.ServiceDiscovery;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets service discovery name the servers of clients.</summary>
public static class ThriftClientServiceDiscoveryExtensions
{
    /// <summary>
    /// Lets Microsoft.Extensions.ServiceDiscovery name the client's servers, in the place of everything else: at the first call, and whenever they change. It must
    /// have been added (<c>AddServiceDiscovery()</c>), or the host does not start.
    /// </summary>
    /// <remarks>
    /// Of what it finds, host and port count, or the path of a Unix domain socket; a scheme says nothing. How the servers are spoken to is said by the client's section
    /// of the configuration (<c>ThriftBreaker:MyService:Transport</c> …), and then by <paramref name="endpoint"/>.
    /// </remarks>
    /// <param name="builder">The client.</param>
    /// <param name="service">The service, as service discovery writes it: <c>calculator</c>, or <c>_thrift.calculator</c> for its endpoint of the name "thrift".</param>
    /// <param name="endpoint">Gives each endpoint with what is to be otherwise: <c>endpoint => endpoint with { Transport = ThriftTransport.Framed }</c>.</param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="service"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="service"/> is blank or no name of a service.</exception>
    public static IThriftClientBuilder UseServiceDiscovery(this IThriftClientBuilder builder, string service, Func<ThriftEndpoint, ThriftEndpoint>? endpoint = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(service);
        if (!ServiceEndpointQuery.TryParse(service, out _))
        {
            throw new ArgumentException($"'{service}' is no name of a service; it must be as 'calculator' or '_thrift.calculator'.", nameof(service));
        }

        var client = builder.Name;
        return builder.UseEndpoints((services, configured) => new ServiceDiscoveryEndpointSource(
            services.GetService<ServiceEndpointResolver>() ?? throw new InvalidOperationException(
                $"The client '{client}' wants its endpoints from service discovery, which has not been added: call builder.Services.AddServiceDiscovery()."),
            service,
            endpoint is null ? configured : found => endpoint(configured(found)),
            services.GetRequiredService<IOptions<ServiceDiscoveryOptions>>().Value.RefreshPeriod,
            services.GetService<TimeProvider>() ?? TimeProvider.System));
    }
}
