using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.ServiceDiscovery;

namespace ThriftBreaker.ServiceDiscovery;

/// <summary>Provides the servers that service discovery finds, and their changes.</summary>
/// <param name="resolver">Finds the servers.</param>
/// <param name="service">The name of the service in service discovery.</param>
/// <param name="configure">Sets transport and protocol of an endpoint.</param>
/// <param name="refreshPeriod">The time after which a list without a reported change is resolved again.</param>
/// <param name="timeProvider">The clock of the refresh period.</param>
internal sealed class ServiceDiscoveryEndpointSource(
    ServiceEndpointResolver resolver, string service, Func<ThriftEndpoint, ThriftEndpoint> configure, TimeSpan refreshPeriod, TimeProvider timeProvider) : IEndpointSource
{
    public async IAsyncEnumerable<IReadOnlyList<ThriftEndpoint>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var found = await resolver.GetEndpointsAsync(service, cancellationToken).ConfigureAwait(false);
            yield return [.. found.Endpoints.Select(CreateEndpoint)];
            await WaitForChangeAsync(found.ChangeToken, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Returns the name for messages: <c>service discovery for 'calculator'</c>.</summary>
    public override string ToString() => $"service discovery for '{service}'";

    private ThriftEndpoint CreateEndpoint(ServiceEndpoint found)
    {
        var endpoint = configure(GetAddress(found));

        // The certificate has the host name, and the endpoint has an address that was resolved from it.
        return endpoint.Tls is { ServerName: null } tls && found.Features.Get<IHostNameFeature>() is { HostName: { Length: > 0 } name }
            ? endpoint with { Tls = tls with { ServerName = name } }
            : endpoint;
    }

    private ThriftEndpoint GetAddress(ServiceEndpoint found) => found.EndPoint switch
    {
        IPEndPoint { Port: > 0 } address => new ThriftEndpoint(address.Address.ToString(), address.Port),
        DnsEndPoint { Port: > 0 } name => new ThriftEndpoint(name.Host, name.Port),
        UriEndPoint { Uri: { IsAbsoluteUri: true, Host.Length: > 0, Port: > 0 } uri } => new ThriftEndpoint(uri.IdnHost, uri.Port),
        UnixDomainSocketEndPoint socket => ThriftEndpoint.Unix(socket.ToString()),

        // The address is not repeated: it may be a password in the wrong place.
        _ => throw new InvalidOperationException(
            $"An address is not a host and a port. Configure the service, as Services:{service}:default:0 = host:port, or register a provider of service discovery that finds it."),
    };

    private async Task WaitForChangeAsync(IChangeToken token, CancellationToken cancellationToken)
    {
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = token.RegisterChangeCallback(static changed => ((TaskCompletionSource)changed!).TrySetResult(), changed);
        try
        {
            await changed.Task.WaitAsync(refreshPeriod, timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The list is resolved again.
        }
    }
}
