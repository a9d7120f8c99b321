using Microsoft.Extensions.DependencyInjection;

namespace ThriftBreaker.Hosting.Clients;

internal sealed class ThriftClientBuilder(IServiceCollection services, ClientRegistration registration) : IThriftClientBuilder
{
    public string Name => registration.Name;

    public IServiceCollection Services => services;

    public ClientRegistration Registration => registration;
}
