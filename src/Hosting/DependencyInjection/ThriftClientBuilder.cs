using Microsoft.Extensions.DependencyInjection;
using ThriftBreaker.Hosting.Clients;

namespace ThriftBreaker.Hosting.DependencyInjection;

internal sealed class ThriftClientBuilder(IServiceCollection services, ClientRegistration registration) : IThriftClientBuilder
{
    public string Name => registration.Name;

    public IServiceCollection Services => services;

    public ClientRegistration Registration => registration;
}
