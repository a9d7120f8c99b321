using Microsoft.Extensions.Options;
using ThriftBreaker.Hosting.Configuration;

namespace ThriftBreaker.Hosting.Clients;

/// <summary>Updates the circuit breakers of a client's endpoints. A client with one endpoint has none.</summary>
/// <param name="client">The name of the client.</param>
/// <param name="channel">The channel of the client.</param>
internal sealed class EndpointCircuitBreakers(string client, ThriftChannel channel)
{
    private CircuitBreakerOptions _options = channel.Options.EndpointCircuitBreaker;

    /// <exception cref="OptionsValidationException">
    /// The channel, with the settings that it has, cannot use these.
    /// </exception>
    public void Validate(CircuitBreakerOptions options)
    {
        try
        {
            channel.ValidateEndpointCircuitBreakerOptions(options);
        }
        catch (ArgumentException error)
        {
            throw ClientOptionsErrors.CreateForConnectionsInUse(client, options.Name, error);
        }
    }

    /// <summary>Puts valid settings in force.</summary>
    /// <returns>The changes; null without one.</returns>
    public string? Update(CircuitBreakerOptions options)
    {
        if (channel.Endpoint is not null)
        {
            return null;
        }

        channel.UpdateEndpointCircuitBreakerOptions(options);
        foreach (var endpoint in channel.Endpoints)
        {
            ClientCircuitBreakers.UpdateMode(endpoint.CircuitBreaker, _options.Mode, options.Mode);
        }

        var changes = SettingChanges.Describe(_options, options);
        _options = options;
        return changes;
    }
}
