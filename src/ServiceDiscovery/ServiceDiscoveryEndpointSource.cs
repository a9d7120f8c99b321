using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.ServiceDiscovery;

namespace ThriftBreaker.ServiceDiscovery;

/// <summary>Names the servers that service discovery finds, and goes on to do so when they change.</summary>
/// <param name="resolver">Finds them.</param>
/// <param name="service">The service, as service discovery writes it.</param>
/// <param name="spoken">Says how an endpoint is spoken to.</param>
/// <param name="refreshPeriod">How long a list is believed of which nobody says that it has changed.</param>
/// <param name="timeProvider">The clock of that time.</param>
internal sealed class ServiceDiscoveryEndpointSource(
    ServiceEndpointResolver resolver, string service, Func<ThriftEndpoint, ThriftEndpoint> spoken, TimeSpan refreshPeriod, TimeProvider timeProvider) : IEndpointSource
{
    public async IAsyncEnumerable<IReadOnlyList<ThriftEndpoint>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var found = await resolver.GetEndpointsAsync(service, cancellationToken).ConfigureAwait(false);
            yield return [.. found.Endpoints.Select(Endpoint)];
            await ChangedAsync(found.ChangeToken, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>As messages name it: <c>service discovery for 'calculator'</c>.</summary>
    public override string ToString() => $"service discovery for '{service}'";

    private ThriftEndpoint Endpoint(ServiceEndpoint found)
    {
        var endpoint = spoken(Place(found));

        // An address that was found by a name: the certificate carries the name.
        return endpoint.Tls is { ServerName: null } tls && found.Features.Get<IHostNameFeature>() is { HostName: { Length: > 0 } name }
            ? endpoint with { Tls = tls with { ServerName = name } }
            : endpoint;
    }

    private ThriftEndpoint Place(ServiceEndpoint found) => found.EndPoint switch
    {
        IPEndPoint { Port: > 0 } address => new ThriftEndpoint(address.Address.ToString(), address.Port),
        DnsEndPoint { Port: > 0 } name => new ThriftEndpoint(name.Host, name.Port),
        UriEndPoint { Uri: { IsAbsoluteUri: true, Host.Length: > 0, Port: > 0 } uri } => new ThriftEndpoint(uri.IdnHost, uri.Port),
        UnixDomainSocketEndPoint socket => ThriftEndpoint.Unix(socket.ToString()),
        var other => throw new InvalidOperationException(
            $"'{other}' is no host and port. Configure the service, as Services:{service}:default:0 = host:port, or register a provider of service discovery that finds it."),
    };

    private async Task ChangedAsync(IChangeToken token, CancellationToken cancellationToken)
    {
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = token.RegisterChangeCallback(static changed => ((TaskCompletionSource)changed!).TrySetResult(), changed);
        try
        {
            await changed.Task.WaitAsync(refreshPeriod, timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Then it is asked again.
        }
    }
}
