using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace ThriftBreaker.Hosting.Clients;

/// <summary>Keeps the circuits of one client as the configuration wants them, when it changes while the host runs.</summary>
internal sealed class ClientReload : IDisposable
{
    private readonly string _client;
    private readonly ClientSettings _settings;
    private readonly ThriftChannel _channel;
    private readonly ILogger _log;
    private readonly object _reloading = new();
    private readonly IDisposable _changes;
    private IReadOnlyList<HostedCircuit> _circuits;
    private CircuitBreakerOptions _endpointCircuit;
    private IReadOnlyDictionary<string, string> _connections;

    public ClientReload(string client, ClientSettings settings, ThriftChannel channel, IReadOnlyList<HostedCircuit> circuits, ILogger log)
    {
        (_client, _settings, _channel, _circuits, _log) = (client, settings, channel, circuits, log);
        _endpointCircuit = channel.Options.EndpointCircuit;
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
                Update(
                    [.. _circuits.Select(circuit => circuit with { Options = _settings.Circuit(circuit.Mark, circuit.Method) })],
                    _settings.Channel().EndpointCircuit);
                TellWhatWaits();
            }
#pragma warning disable CA1031 // Code that changes settings is the user's, too.
            catch (Exception error)
#pragma warning restore CA1031
            {
                HostingLog.NotReloaded(_log, _client, error);
            }
        }
    }

    private void Update(IReadOnlyList<HostedCircuit> circuits, CircuitBreakerOptions endpointCircuit)
    {
        try
        {
            Set(circuits, endpointCircuit);
        }
        catch
        {
            Set(_circuits, _endpointCircuit);
            throw;
        }

        // A mode that the configuration has changed, and no other: what somebody isolated by hand stays so while other settings change.
        foreach (var (before, after) in _circuits.Zip(circuits))
        {
            Turn(after.Breaker, before.Options.Mode, after.Options.Mode);
        }

        foreach (var endpoint in _channel.Endpoints)
        {
            Turn(endpoint.Breaker, _endpointCircuit.Mode, endpointCircuit.Mode);
        }

        (_circuits, _endpointCircuit) = (circuits, endpointCircuit);
    }

    private void Set(IReadOnlyList<HostedCircuit> circuits, CircuitBreakerOptions endpointCircuit)
    {
        foreach (var circuit in circuits)
        {
            Set(circuit.Options, circuit.Breaker.Update);
        }

        Set(endpointCircuit, _channel.UpdateEndpointCircuits);
    }

    private void Set(CircuitBreakerOptions options, Action<CircuitBreakerOptions> update)
    {
        try
        {
            update(options);
        }
        catch (ArgumentException contradiction)
        {
            throw _settings.Contradiction(options.Name, contradiction);
        }
    }

    private static void Turn(CircuitBreaker circuit, CircuitMode before, CircuitMode after)
    {
        if (before == after)
        {
            return;
        }

        Action turn = after switch
        {
            CircuitMode.Isolated => circuit.Isolate,
            CircuitMode.Disabled => circuit.Disable,
            CircuitMode.Shadow => circuit.Shadow,
            _ => circuit.Resume,
        };
        turn();
    }

    /// <summary>Connections keep what they were made with: whoever changes that is told so, and not left to wonder.</summary>
    private void TellWhatWaits()
    {
        var connections = _settings.Section.OfConnections();
        var changed = connections.Except(_connections).Concat(_connections.Except(connections)).Select(static setting => setting.Key).Distinct().ToArray();
        if (changed is not [])
        {
            HostingLog.WaitsForTheNextStart(_log, _client, string.Join(", ", changed));
        }

        _connections = connections;
    }
}
