using Microsoft.Extensions.Options;

namespace ThriftBreaker.Hosting.Clients;

/// <summary>
/// Creates the options of a client: the settings of the attribute, then the configuration section, then the actions of
/// the user. The section comes before every action, also before one that was registered before the client: code
/// overrides the configuration.
/// </summary>
internal sealed class ClientOptionsFactory(
    IEnumerable<IConfigureOptions<ThriftClientOptions>> configure,
    IEnumerable<IPostConfigureOptions<ThriftClientOptions>> postConfigure,
    IEnumerable<IValidateOptions<ThriftClientOptions>> validate,
    IEnumerable<ClientRegistration> registrations,
    TimeProvider? timeProvider = null)
    : OptionsFactory<ThriftClientOptions>(configure.OrderBy(static step => step is not ConfigureClientOptions), postConfigure, validate),
        IOptionsFactory<ThriftClientOptions>
{
    private readonly ClientRegistration[] _registrations = [.. registrations];

    /// <exception cref="OptionsValidationException">The options are not valid.</exception>
    ThriftClientOptions IOptionsFactory<ThriftClientOptions>.Create(string name)
    {
        try
        {
            return Create(name);
        }
        catch (ArgumentException error)
        {
            throw ClientOptionsErrors.CreateForAction(name, error);
        }
    }

    protected override ThriftClientOptions CreateInstance(string name)
        => Array.Find(_registrations, registration => registration.Name == name) is { } client
            ? client.CreateOptions(timeProvider ?? TimeProvider.System)
            : new ThriftClientOptions();
}
