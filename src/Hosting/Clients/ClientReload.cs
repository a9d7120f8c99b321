using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace ThriftBreaker.Hosting.Clients;

/// <summary>Keeps the circuits of one client as the configuration wants them, when it changes while the host runs.</summary>
internal sealed class ClientReload : IDisposable
{
    private readonly ClientRegistration _registration;
    private readonly ClientSettings _settings;
    private readonly ThriftChannel _channel;
    private readonly ILogger _log;
    private readonly object _reloading = new();
    private readonly IReadOnlyDictionary<string, string> _connections;
    private readonly IDisposable _changes;
    private IReadOnlyList<ClientCircuitBreaker> _circuits;
    private CircuitBreakerOptions _endpointCircuitBreaker;
    private string _waiting = "";

    public ClientReload(ClientRegistration registration, ClientSettings settings, ThriftChannel channel, IReadOnlyList<ClientCircuitBreaker> circuits, ILogger log)
    {
        (_registration, _settings, _channel, _circuits, _log) = (registration, settings, channel, circuits, log);
        _endpointCircuitBreaker = channel.Options.EndpointCircuitBreaker;
        _connections = settings.Section.OfConnections();
        _changes = ChangeToken.OnChange(settings.Section.GetReloadToken, Reload);
    }

    public void Dispose() => _changes.Dispose();

    /// <summary>
    /// A mistake leaves all circuits of the client as they are: an app that runs must not end by a typing error, nor go on by half of what was
    /// meant.
    /// </summary>
    private void Reload()
    {
        lock (_reloading)
        {
            try
            {
                _settings.Section.Check([.. _circuits.Select(static circuit => circuit.Method).OfType<string>()]);
                var endpointCircuitBreaker = ChannelFactory.Read(_registration, _settings).Options.EndpointCircuitBreaker;
                ClientCircuitBreaker[] circuits = [.. _circuits.Select(circuit => circuit with { Options = _settings.Circuit(circuit.Mark, circuit.Method) })];
                foreach (var circuit in circuits)
                {
                    Try(circuit.Options, circuit.CircuitBreaker.Validate);
                }

                Try(endpointCircuitBreaker, _channel.UpdateEndpointCircuitBreakerOptions);
                Update(circuits, endpointCircuitBreaker);
                TellWhatWaits();
            }
#pragma warning disable CA1031 // Code that changes settings is the user's, too.
            catch (Exception error)
#pragma warning restore CA1031
            {
                HostingLog.NotReloaded(_log, _registration.Name, error);
            }
        }
    }

    private void Try(CircuitBreakerOptions options, Action<CircuitBreakerOptions> step)
    {
        try
        {
            step(options);
        }
        catch (ArgumentException contradiction)
        {
            throw _settings.Contradiction(options.Name, contradiction);
        }
    }

    /// <summary>Of modes it takes those that the configuration has changed, and no others: what somebody isolated by hand stays so while other settings change.</summary>
    private void Update(ClientCircuitBreaker[] circuits, CircuitBreakerOptions endpointCircuitBreaker)
    {
        foreach (var (before, after) in _circuits.Zip(circuits))
        {
            after.CircuitBreaker.Update(after.Options);
            Turn(after.CircuitBreaker, before.Options.Mode, after.Options.Mode);
        }

        foreach (var endpoint in _channel.Endpoints)
        {
            Turn(endpoint.CircuitBreaker, _endpointCircuitBreaker.Mode, endpointCircuitBreaker.Mode);
        }

        (_circuits, _endpointCircuitBreaker) = (circuits, endpointCircuitBreaker);
    }

    private static void Turn(CircuitBreaker circuit, CircuitMode before, CircuitMode after)
    {
        if (before != after)
        {
            circuit.SetMode(after);
        }
    }

    /// <summary>Connections keep what they were made with: whoever changes that is told so, once, and not left to wonder.</summary>
    private void TellWhatWaits()
    {
        var connections = _settings.Section.OfConnections();
        var waiting = string.Join(", ", connections.Except(_connections).Concat(_connections.Except(connections)).Select(static setting => setting.Key).Distinct());
        if (waiting.Length > 0 && waiting != _waiting)
        {
            HostingLog.WaitsForTheNextStart(_log, _registration.Name, waiting);
        }

        _waiting = waiting;
    }
}
