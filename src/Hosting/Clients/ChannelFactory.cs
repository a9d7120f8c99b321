using Microsoft.Extensions.Options;

namespace ThriftBreaker.Hosting.Clients;

/// <summary>Creates the channel of a client.</summary>
internal static class ChannelFactory
{
    /// <exception cref="OptionsValidationException">
    /// The settings contradict the endpoint, or the source cannot be created.
    /// </exception>
    public static ThriftChannel Create(ClientRegistration registration, ThriftClientOptions options, IServiceProvider services)
    {
        var channelOptions = options.GetChannelOptions();
        try
        {
            if (registration.Source is { } source)
            {
                return new ThriftChannel(
                    CircularDependencyGuard.Create(registration, "source of endpoints", () => source(services, options.ApplyEndpointDefaults)),
                    channelOptions);
            }

            ThriftEndpoint[] endpoints = [.. options.Endpoints.Select(options.ApplyEndpointDefaults)];
            return endpoints is [var single] ? new ThriftChannel(single, channelOptions) : new ThriftChannel(endpoints, channelOptions);
        }
        catch (ArgumentException error)
        {
            throw ClientOptionsErrors.CreateForChannel(registration.Name, error);
        }
    }
}
