using Microsoft.Extensions.Options;
using Microsoft.Extensions.ServiceDiscovery;
using ThriftBreaker;
using ThriftBreaker.Hosting;
using ThriftBreaker.ServiceDiscovery;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds service discovery to clients.</summary>
public static class ThriftClientServiceDiscoveryExtensions
{
    /// <summary>
    /// Takes the servers of the client from Microsoft.Extensions.ServiceDiscovery, instead of all other endpoints: at
    /// the first call, and whenever they change. The host does not start without <c>AddServiceDiscovery()</c>.
    /// </summary>
    /// <remarks>
    /// An address has a host and a port, or the path of a Unix domain socket; its scheme is ignored. Transport and
    /// protocol come from the client's options (in the configuration, <c>ThriftBreaker:MyService:Transport</c>), then
    /// from <paramref name="endpoint"/>.
    /// </remarks>
    /// <param name="builder">The client.</param>
    /// <param name="service">
    /// The name of the service: <c>calculator</c>, or <c>_thrift.calculator</c> for its endpoint with the name
    /// "thrift".
    /// </param>
    /// <param name="endpoint">
    /// Changes each endpoint: <c>endpoint => endpoint with { Transport = ThriftTransport.Framed }</c>.
    /// </param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="builder"/> or <paramref name="service"/> is null.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="service"/> is blank or not the name of a service.
    /// </exception>
    public static IThriftClientBuilder UseServiceDiscovery(this IThriftClientBuilder builder, string service, Func<ThriftEndpoint, ThriftEndpoint>? endpoint = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(service);
        if (!ServiceEndpointQuery.TryParse(service, out _))
        {
            throw new ArgumentException($"'{service}' is not the name of a service; it must be as 'calculator' or '_thrift.calculator'.", nameof(service));
        }

        var client = builder.Name;
        return builder.UseEndpoints((services, configured) => new ServiceDiscoveryEndpointSource(
            services.GetService<ServiceEndpointResolver>() ?? throw new InvalidOperationException(
                $"The client '{client}' requires service discovery for its endpoints, which has not been added: call builder.Services.AddServiceDiscovery()."),
            service,
            endpoint is null ? configured : found => endpoint(configured(found)),
            services.GetRequiredService<IOptions<ServiceDiscoveryOptions>>().Value.RefreshPeriod,
            services.GetService<TimeProvider>() ?? TimeProvider.System));
    }
}
