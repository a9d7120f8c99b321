using Microsoft.Extensions.DependencyInjection;

namespace ThriftBreaker.Hosting.Clients;

/// <summary>
/// Holds the clients that the container has registrations for. The first use of the registry creates them.
/// </summary>
internal sealed class ThriftClientRegistry(IServiceProvider services) : IThriftClientRegistry
{
    public IReadOnlyList<ThriftClientInfo> All { get; } =
        [.. services.GetServices<ClientRegistration>().Select(client => services.GetRequiredKeyedService<ThriftClientInfo>(client.Name))];
}
