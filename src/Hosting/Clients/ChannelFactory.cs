using Microsoft.Extensions.Options;

namespace ThriftBreaker.Hosting.Clients;

/// <summary>Creates the channel of a client.</summary>
internal static class ChannelFactory
{
    /// <exception cref="OptionsValidationException">
    /// There is no endpoint, the settings contradict it, or the source cannot be created.
    /// </exception>
    public static ThriftChannel Create(ClientRegistration registration, ThriftClientOptions options, IServiceProvider services)
    {
        var source = CreateSource(registration, options, services);
        if (source is null && options.Endpoints.Count == 0)
        {
            throw ClientOptionsErrors.CreateForNoEndpoint(registration.Name);
        }

        try
        {
            if (source is not null)
            {
                return new ThriftChannel(source, options.GetChannelOptions());
            }

            ThriftEndpoint[] endpoints = [.. options.Endpoints.Select(options.ApplyEndpointDefaults)];
            return endpoints is [var single] ? new ThriftChannel(single, options.GetChannelOptions()) : new ThriftChannel(endpoints, options.GetChannelOptions());
        }
        catch (ArgumentException error)
        {
            throw ClientOptionsErrors.CreateForChannel(registration.Name, error);
        }
    }

    private static IEndpointSource? CreateSource(ClientRegistration registration, ThriftClientOptions options, IServiceProvider services)
    {
        try
        {
            return registration.Source is { } source
                ? CircularDependencyGuard.Create(registration, "source of endpoints", () => source(services, options.ApplyEndpointDefaults))
                : null;
        }
        catch (ArgumentException error)
        {
            throw ClientOptionsErrors.CreateForSource(registration.Name, error);
        }
    }
}
