using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Primitives;
using ThriftBreaker.Hosting.Settings;

namespace ThriftBreaker.Hosting.Clients;

/// <summary>Makes one client as mark, configuration and code want it, and keeps its circuits as the configuration wants them later.</summary>
internal sealed class HostedClientOf<TClient> : HostedClient, IDisposable, IAsyncDisposable
    where TClient : class, IThriftClient<TClient>
{
    private readonly ClientRegistration _registration;
    private readonly ClientSection _section;
    private readonly TimeProvider _timeProvider;
    private readonly ILoggerFactory _loggers;
    private readonly List<HostedCircuit> _circuits = [];
    private readonly IDisposable _reloads;

    /// <exception cref="InvalidOperationException">A setting is wrong, or there is no endpoint; the message names the key and the remedy.</exception>
    private HostedClientOf(ClientRegistration registration, ClientSection section, ThriftChannel channel, IConfigurationSection reloaded, IServiceProvider services)
        : base(registration.Name, registration.Service, channel)
    {
        _registration = registration;
        _section = section;
        _timeProvider = channel.Options.TimeProvider;
        _loggers = services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
        Client = TClient.Connect(channel, Circuit, FallbackMaker.Make(registration, services));
        Offered = registration.Pipeline is { } pipeline ? TClient.Through(Client, channel, pipeline(services)) : Client;
        Circuits = [.. _circuits.Select(static circuit => circuit.Breaker)];
        _section.Check([.. _circuits.Select(static circuit => circuit.Method).OfType<string>()]);
        _reloads = ChangeToken.OnChange(reloaded.GetReloadToken, Update);
    }

    public TClient Client { get; }

    /// <summary>What those get who ask for the service: the client, or it by way of its pipeline.</summary>
    public object Offered { get; }

    public override IReadOnlyList<CircuitBreaker> Circuits { get; }

    public static HostedClientOf<TClient> Create(ClientRegistration registration, IServiceProvider services)
    {
        var configured = (services.GetService<IConfiguration>() ?? new ConfigurationManager()).GetSection(ClientSection.Root).GetSection(registration.Name);
        var section = new ClientSection(configured);
        var channel = ChannelMaker.Make(registration, section, services);
        try
        {
            return new HostedClientOf<TClient>(registration, section, channel, configured, services);
        }
        catch (ArgumentException error)
        {
            channel.Dispose();
            throw new InvalidOperationException($"The client '{registration.Name}' cannot be made: {SettingText.Sentence(error)}", error);
        }
        catch
        {
            channel.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _reloads.Dispose();
        Channel.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        _reloads.Dispose();
        return Channel.DisposeAsync();
    }

    private CircuitBreaker Circuit(CircuitBreakerOptions mark)
    {
        var method = mark.Name.StartsWith(TClient.DefaultOptions.Name + '.', StringComparison.Ordinal) ? mark.Name[(TClient.DefaultOptions.Name.Length + 1)..] : null;
        var options = Options(mark, method);
        try
        {
            var breaker = new CircuitBreaker(options);
            breaker.LogTo(_loggers);
            _circuits.Add(new HostedCircuit(breaker, mark, method));
            return breaker;
        }
        catch (ArgumentException contradiction)
        {
            throw new InvalidOperationException(
                $"The settings of the circuit '{options.Name}', of its mark, {_section.Path} and code together, contradict each other: {SettingText.Sentence(contradiction)}", contradiction);
        }
    }

    /// <summary>Mark, then configuration, then code.</summary>
    private CircuitBreakerOptions Options(CircuitBreakerOptions mark, string? method)
        => _registration.Circuits.Aggregate(
            _section.Circuit(mark with { Name = method is null ? Name : $"{Name}.{method}", TimeProvider = _timeProvider }, method),
            static (options, change) => change(options));

    /// <summary>The configuration has changed. A setting that is wrong now leaves the circuit as it is: an app that runs must not end by a typing error.</summary>
    private void Update()
    {
        foreach (var circuit in _circuits)
        {
            try
            {
                circuit.Breaker.Update(Options(circuit.Mark, circuit.Method));
            }
#pragma warning disable CA1031 // Code that changes settings is the user's, too.
            catch (Exception error)
#pragma warning restore CA1031
            {
                HostingLog.NotReloaded(_loggers.CreateLogger(typeof(ThriftClients).FullName!), circuit.Breaker.Name, error);
            }
        }
    }

    /// <summary>A circuit, and what is needed to think its settings over.</summary>
    private sealed record HostedCircuit(CircuitBreaker Breaker, CircuitBreakerOptions Mark, string? Method);
}
