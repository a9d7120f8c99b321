using ThriftBreaker.Hosting.Settings;

namespace ThriftBreaker.Hosting.Clients;

/// <summary>Makes the channel of a client.</summary>
internal static class ChannelFactory
{
    /// <exception cref="InvalidOperationException">A setting is wrong, or there is no endpoint.</exception>
    public static ThriftChannel Make(ClientRegistration registration, ClientSettings settings, IServiceProvider services)
    {
        var (options, configured) = Read(registration, settings);
        if (registration.Source is { } source)
        {
            return Try(registration, settings, () => new ThriftChannel(CircularDependencyGuard.Make(registration, "source of endpoints", () => source(services, settings.Section.Spoken())), options));
        }

        // Code has the last word here too.
        var endpoints = registration.Endpoints is { Count: > 0 } named ? named : configured;
        return endpoints switch
        {
            [] => throw new InvalidOperationException(
                $"The client '{registration.Name}' has no endpoint: name it in AddThriftClient, or in the configuration, as {settings.Section.Path}:Endpoints:0 = host:port."),
            [var only] => Try(registration, settings, () => new ThriftChannel(only, options)),
            _ => Try(registration, settings, () => new ThriftChannel(endpoints, options)),
        };
    }

    /// <summary>What a channel is made of, once all of it has been found to be in order, and so also what is not needed: endpoints where code names others.</summary>
    /// <exception cref="InvalidOperationException">A setting is wrong.</exception>
    public static (ThriftChannelOptions Options, IReadOnlyList<ThriftEndpoint> Configured) Read(ClientRegistration registration, ClientSettings settings)
    {
        if (registration.Speaker is { } speaker)
        {
            settings.Section.ThrowIfItSpeaksToo(registration.Name, speaker);
        }

        return Try(registration, settings, () =>
        {
            var options = settings.Channel();
            options.Validate();
            _ = settings.Section.Spoken();
            return (options, settings.Section.NamedEndpoints());
        });
    }

    private static T Try<T>(ClientRegistration registration, ClientSettings settings, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException error)
        {
            throw new InvalidOperationException($"The channel of the client '{registration.Name}' cannot be made of {settings.Section.Path} and code: {SettingText.Sentence(error)}", error);
        }
    }
}
