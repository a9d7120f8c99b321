using Microsoft.Extensions.DependencyInjection;

namespace ThriftBreaker.Hosting;

/// <summary>Configures a client that <c>AddThriftClient</c> has added.</summary>
public interface IThriftClientBuilder
{
    /// <summary>
    /// Gets the name of the client, which is also that of its <see cref="ThriftClientOptions"/>, its configuration
    /// section and its circuit breaker.
    /// </summary>
    string Name { get; }

    /// <summary>Gets the services that the client was added to.</summary>
    IServiceCollection Services { get; }
}
