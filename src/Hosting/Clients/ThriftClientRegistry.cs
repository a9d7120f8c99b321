using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ThriftBreaker.Hosting.Clients;

/// <summary>
/// Holds the clients that the container has registrations for. The first use of the registry creates them.
/// </summary>
internal sealed class ThriftClientRegistry(IServiceProvider services) : IThriftClientRegistry
{
    public IReadOnlyList<ThriftClientInfo> All { get; } =
        [.. services.GetServices<ClientRegistration>().Select(client => CreateUnlessReplaced(client, services)).OfType<ThriftClientInfo>()];

    /// <summary>
    /// Creates a client; null if it has no endpoint, and the container injects another implementation of the service,
    /// as in a test that replaces it by a fake.
    /// </summary>
    private static ThriftClientInfo? CreateUnlessReplaced(ClientRegistration client, IServiceProvider services)
    {
        try
        {
            return services.GetRequiredKeyedService<ThriftClientInfo>(client.Name);
        }
        catch (OptionsValidationException error) when (ClientOptionsErrors.IsNoEndpoint(error))
        {
            if (IsReplaced(client, services))
            {
                return null;
            }

            throw;
        }
    }

    /// <exception cref="OptionsValidationException">The service is the client, or depends on it.</exception>
    private static bool IsReplaced(ClientRegistration client, IServiceProvider services)
    {
        var scope = services.CreateAsyncScope();
        try
        {
            return client.GetService(scope.ServiceProvider) is not null;
        }
        finally
        {
            // A fake can be scoped, and disposable only asynchronously.
            scope.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }
}
