using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace ThriftBreaker;

/// <summary>Names an endpoint for each address of a host, resolved again on a schedule. Immutable, thread-safe.</summary>
/// <remarks>
/// For a name that stands for several servers, as a headless service of Kubernetes does. Where it cannot be resolved any more, the channel keeps the last
/// addresses (<see cref="ThriftChannel.SourceFailure"/>).
/// </remarks>
public sealed class DnsEndpointSource : IEndpointSource
{
    private readonly ThriftEndpoint _endpoint;

    /// <summary>Resolves nothing yet.</summary>
    /// <param name="endpoint">
    /// The host's name, and all that is the same for each of its addresses: the port, the transport, the protocol. With TLS, the certificates must
    /// carry the host's name, or <see cref="ThriftTlsOptions.ServerName"/>.
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

    /// <summary>How long after an answer the name is resolved again: greater than zero and at most 24 days; default 30 seconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan RefreshInterval
    {
        get;
        init => field = value > TimeSpan.Zero && value <= ThriftChannelOptions.LongestTimeout
            ? value
            : throw new ArgumentOutOfRangeException(nameof(RefreshInterval), value, "RefreshInterval must be greater than zero and at most 24 days.");
    } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Which addresses are wanted: InterNetwork for IPv4, InterNetworkV6, or Unspecified, the default, for both. A host that has an address of
    /// each counts as two endpoints.
    /// </summary>
    public AddressFamily AddressFamily { get; init; } = AddressFamily.Unspecified;

    /// <summary>The clock of the schedule; default <see cref="TimeProvider.System"/>.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public TimeProvider TimeProvider
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(TimeProvider));
    } = TimeProvider.System;

    /// <summary>Asks the system; a test answers by itself.</summary>
    internal Func<string, AddressFamily, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <inheritdoc/>
    public async IAsyncEnumerable<IReadOnlyList<ThriftEndpoint>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var addresses = await Resolve(_endpoint.Host, AddressFamily, cancellationToken).ConfigureAwait(false);
            yield return [.. addresses.Select(_endpoint.At)];
            await Task.Delay(RefreshInterval, TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>As messages name it: <c>the addresses of orders.internal:9090 (buffered, binary)</c>.</summary>
    public override string ToString() => $"the addresses of {_endpoint}";
}
