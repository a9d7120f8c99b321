using ThriftBreaker.Hosting.Settings;

namespace ThriftBreaker.Hosting.Clients;

/// <summary>What mark, configuration and code say of one client together; code has the last word. Read anew at each look.</summary>
internal sealed class ClientSettings(ClientRegistration registration, ClientSection section, TimeProvider timeProvider)
{
    public ClientSection Section => section;

    /// <summary>The settings of the service's circuit, or of one that guards a single method.</summary>
    /// <exception cref="InvalidOperationException">A value of the section is none, or out of range.</exception>
    public CircuitBreakerOptions Circuit(CircuitBreakerOptions mark, string? method)
    {
        var name = method is null ? registration.Name : $"{registration.Name}.{method}";
        return registration.Circuits.Aggregate(
            section.Circuit(mark with { Name = name, TimeProvider = timeProvider }, method), static (options, change) => change(options));
    }

    /// <summary>The settings of the channel. The circuits of its endpoints bear the client's name, since two clients may have the same servers.</summary>
    /// <exception cref="InvalidOperationException">A value of the section is none, or out of range.</exception>
    public ThriftChannelOptions Channel()
    {
        var options = new ThriftChannelOptions { TimeProvider = timeProvider };
        options = options with { EndpointCircuitBreaker = options.EndpointCircuitBreaker with { Name = $"{registration.Name} {options.EndpointCircuitBreaker.Name}" } };
        return registration.Channel.Aggregate(section.Channel(options), static (options, change) => change(options));
    }

    /// <summary>What is said where settings that are in order one by one do not go together.</summary>
    /// <param name="circuit">The name of the circuit.</param>
    /// <param name="contradiction">What the circuit says of them.</param>
    public InvalidOperationException Contradiction(string circuit, ArgumentException contradiction)
        => new($"The settings of the circuit '{circuit}', of its mark, {section.Path} and code together, contradict each other: {SettingText.Sentence(contradiction)}", contradiction);
}
