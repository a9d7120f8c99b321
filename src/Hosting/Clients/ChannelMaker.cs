using Microsoft.Extensions.DependencyInjection;
using ThriftBreaker.Hosting.Settings;

namespace ThriftBreaker.Hosting.Clients;

/// <summary>Makes the channel of a client.</summary>
internal static class ChannelMaker
{
    public static ThriftChannel Make(ClientRegistration registration, ClientSection section, IServiceProvider services)
    {
        var options = registration.Channel.Aggregate(
            section.Channel(new ThriftChannelOptions { TimeProvider = services.GetService<TimeProvider>() ?? TimeProvider.System }),
            static (options, change) => change(options));
        if (registration.Speaker is { } speaker)
        {
            section.ThrowIfItSpeaksToo(registration.Name, speaker);
        }

        try
        {
            if (registration.Source is { } source)
            {
                return new ThriftChannel(source(services, section.Spoken()), options);
            }

            // Code has the last word here too.
            var endpoints = registration.Endpoints is { Count: > 0 } named ? named : section.NamedEndpoints();
            return endpoints switch
            {
                [] => throw new InvalidOperationException(
                    $"The client '{registration.Name}' has no endpoint: name it in AddThriftClient, or in the configuration, as {section.Path}:Endpoints:0 = host:port."),
                [var only] => new ThriftChannel(only, options),
                _ => new ThriftChannel(endpoints, options),
            };
        }
        catch (ArgumentException contradiction)
        {
            throw new InvalidOperationException($"The channel of the client '{registration.Name}' cannot be made of {section.Path} and code: {SettingText.Sentence(contradiction)}", contradiction);
        }
    }
}
