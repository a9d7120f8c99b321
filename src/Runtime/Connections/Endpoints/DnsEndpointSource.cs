using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace ThriftBreaker;

/// <summary>
/// Provides an endpoint for each IP address of a host, and resolves the name periodically. Immutable and thread-safe.
/// </summary>
/// <remarks>
/// For a name with the addresses of several servers, such as a headless service of Kubernetes. If resolving fails
/// later, the channel keeps the last addresses and reports the failure in <see cref="ThriftChannel.SourceException"/>.
/// </remarks>
public sealed class DnsEndpointSource : IEndpointSource
{
    private readonly ThriftEndpoint _endpoint;

    /// <summary>Initializes a new source. Does not resolve the name yet.</summary>
    /// <param name="endpoint">
    /// The host name, and the settings of each address: the port, the transport and the protocol. With TLS,
    /// certificates must contain the host name, or <see cref="ThriftTlsOptions.ServerName"/>.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="endpoint"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="endpoint"/> is not a TCP port.</exception>
    public DnsEndpointSource(ThriftEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        _endpoint = endpoint.Kind == EndpointKind.Tcp
            ? endpoint
            : throw new ArgumentException($"Only the host of a TCP port has addresses to resolve, not {endpoint}.", nameof(endpoint));
    }

    /// <summary>
    /// Gets the time between two resolutions of the name: greater than zero and at most 24 days; default 30 seconds.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan RefreshInterval
    {
        get;
        init => field = value > TimeSpan.Zero && value <= ThriftChannelOptions.LongestTimeout
            ? value
            : throw new ArgumentOutOfRangeException(nameof(RefreshInterval), value, "RefreshInterval must be greater than zero and at most 24 days.");
    } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Gets the address family: InterNetwork for IPv4, InterNetworkV6 for IPv6, or Unspecified, the default, for both.
    /// A host with one address of each family counts as two endpoints.
    /// </summary>
    public AddressFamily AddressFamily { get; init; } = AddressFamily.Unspecified;

    /// <summary>Gets the clock of the schedule; default <see cref="TimeProvider.System"/>.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public TimeProvider TimeProvider
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(TimeProvider));
    } = TimeProvider.System;

    /// <summary>Gets the function that resolves a name; tests replace it.</summary>
    internal Func<string, AddressFamily, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <inheritdoc/>
    public async IAsyncEnumerable<IReadOnlyList<ThriftEndpoint>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var addresses = await Resolve(_endpoint.Host, AddressFamily, cancellationToken).ConfigureAwait(false);
            yield return [.. addresses.Select(_endpoint.WithAddress)];
            await Task.Delay(RefreshInterval, TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Returns the source as in messages: <c>the addresses of orders.internal:9090 (buffered, binary)</c>.
    /// </summary>
    public override string ToString() => $"the addresses of {_endpoint}";
}
