using Microsoft.Extensions.DependencyInjection;
using ThriftBreaker.Hosting.Clients;

namespace ThriftBreaker.Hosting;

/// <summary>The Thrift clients of a host. A singleton of the container; immutable.</summary>
public sealed class ThriftClients
{
    internal ThriftClients(IServiceProvider services)
        => All = [.. services.GetServices<ClientRegistration>().Select(client => services.GetRequiredKeyedService<HostedClient>(client.Name))];

    /// <summary>All of them, in the order in which they were added.</summary>
    public IReadOnlyList<HostedClient> All { get; }
}
