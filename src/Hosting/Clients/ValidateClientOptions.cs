using Microsoft.Extensions.Options;

namespace ThriftBreaker.Hosting.Clients;

/// <summary>
/// Validates the options of a client: its channel and endpoints, and, when the client has been created, its circuit
/// breakers. Which circuit breakers a client has is known when it has been created; the host creates it at the start,
/// too. Whether it has an endpoint is checked only then: a client in use keeps its endpoints.
/// </summary>
internal sealed class ValidateClientOptions(IEnumerable<ClientRegistration> registrations, CreatedCircuitBreakers created)
    : IValidateOptions<ThriftClientOptions>
{
    private readonly ClientRegistration[] _registrations = [.. registrations];

    public ValidateOptionsResult Validate(string? name, ThriftClientOptions options)
    {
        if (Array.Find(_registrations, registration => registration.Name == name) is not { } client)
        {
            return ValidateOptionsResult.Skip;
        }

        try
        {
            ValidateChannel(client, options);
            created.Find(client.Name)?.Validate(options);
            return ValidateOptionsResult.Success;
        }
        catch (OptionsValidationException error) when (ClientOptionsErrors.GetThrown(error) is null)
        {
            return ValidateOptionsResult.Fail(error.Failures);
        }
    }

    /// <exception cref="OptionsValidationException">A channel cannot be created with the options.</exception>
    private static void ValidateChannel(ClientRegistration client, ThriftClientOptions options)
    {
        try
        {
            options.GetChannelOptions().Validate();
            foreach (var endpoint in options.Endpoints)
            {
                _ = options.ApplyEndpointDefaults(endpoint);
            }
        }
        catch (ArgumentException error)
        {
            throw ClientOptionsErrors.CreateForChannel(client.Name, error);
        }

        if (client.SourceSetsTransport && FindIgnored(options) is { } ignored)
        {
            throw ClientOptionsErrors.Create(
                client.Name,
                $"{ignored} of the options would be ignored: UseEndpoints names the endpoints of the client '{client.Name}', with their transport and protocol. Set it there, or use the UseEndpoints overload whose source receives the options.");
        }
    }

    /// <summary>
    /// Gets the first setting that a source with its own transport and protocol ignores: without this check, a client
    /// with <c>Tls</c> would connect without encryption.
    /// </summary>
    private static string? FindIgnored(ThriftClientOptions options)
        => options.Tls is not null ? nameof(options.Tls)
            : options.Transport is not null ? nameof(options.Transport)
            : options.Protocol is not null ? nameof(options.Protocol)
            : options.Service is not null ? nameof(options.Service)
            : null;
}
