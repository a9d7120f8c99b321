using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using ThriftBreaker.Hosting.Configuration;

namespace ThriftBreaker.Hosting.Clients;

/// <summary>
/// Assigns the configuration section of a client, and the endpoints that are passed to <c>AddThriftClient</c>, to its
/// options.
/// </summary>
internal sealed class ConfigureClientOptions(IEnumerable<ClientRegistration> registrations, IConfiguration? configuration = null)
    : IConfigureNamedOptions<ThriftClientOptions>
{
    private readonly ClientRegistration[] _registrations = [.. registrations];

    /// <summary>Does nothing: options without a name are not those of a client.</summary>
    public void Configure(ThriftClientOptions options)
    {
    }

    /// <exception cref="OptionsValidationException">A key or a value of the section is wrong.</exception>
    public void Configure(string? name, ThriftClientOptions options)
    {
        if (Array.Find(_registrations, registration => registration.Name == name) is not { } client)
        {
            return;
        }

        try
        {
            var section = new ClientSection(configuration, client.Name);
            section.ApplyTo(options);
            if (client.EndpointsNamedBy is { } place)
            {
                section.ThrowIfSetsEndpointDefaults(client.Name, place);
            }
        }
        catch (FormatException error)
        {
            throw ClientOptionsErrors.Create(client.Name, error.Message);
        }

        if (client.Endpoints.Count > 0)
        {
            options.Endpoints.Clear();
            foreach (var endpoint in client.Endpoints)
            {
                options.Endpoints.Add(endpoint);
            }
        }
    }
}
