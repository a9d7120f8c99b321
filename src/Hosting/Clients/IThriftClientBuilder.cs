using Microsoft.Extensions.DependencyInjection;

namespace ThriftBreaker.Hosting;

/// <summary>A client that has been added, for what else is to be said of it.</summary>
public interface IThriftClientBuilder
{
    /// <summary>The client's name: of its section in the configuration, and of its circuits.</summary>
    string Name { get; }

    /// <summary>The services that it was added to.</summary>
    IServiceCollection Services { get; }
}
