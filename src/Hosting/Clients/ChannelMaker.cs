using ThriftBreaker.Hosting.Settings;

namespace ThriftBreaker.Hosting.Clients;

/// <summary>Makes the channel of a client.</summary>
internal static class ChannelMaker
{
    public static ThriftChannel Make(ClientRegistration registration, ClientSettings settings, IServiceProvider services)
    {
        var section = settings.Section;
        var options = settings.Channel();
        if (registration.Speaker is { } speaker)
        {
            section.ThrowIfItSpeaksToo(registration.Name, speaker);
        }

        // Read in any case: a mistake in them is one, also where code names others.
        var configured = section.NamedEndpoints();
        try
        {
            if (registration.Source is { } source)
            {
                return new ThriftChannel(ClientPart.Make(registration, "source of endpoints", () => source(services, section.Spoken())), options);
            }

            // Code has the last word here too.
            var endpoints = registration.Endpoints is { Count: > 0 } named ? named : configured;
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
