using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using ThriftBreaker.Hosting.Configuration;

namespace ThriftBreaker.Hosting.Clients;

/// <summary>
/// Creates every client when the host starts, before other services start: an error in the settings stops the host, and
/// not the first call. No connection is opened. While the host runs, a changed configuration is checked for sections of
/// no client.
/// </summary>
internal sealed class ClientsStartup(IServiceProvider services) : IHostedLifecycleService, IDisposable
{
    private IDisposable? _changes;
    private string? _logged;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _ = services.GetRequiredService<IThriftClientRegistry>().All;
        string[] names = [.. services.GetServices<ClientRegistration>().Select(static client => client.Name)];
        if (FindSectionOfNoClient(names) is var (client, mistake))
        {
            throw ClientOptionsErrors.Create(client, mistake);
        }

        CheckOptionsNames(names);
        if (services.GetService<IConfiguration>() is { } configuration)
        {
            var logger = (services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateHostingLogger();
            _changes = ChangeToken.OnChange(configuration.GetReloadToken, () => LogSectionOfNoClient(logger, names));
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _changes?.Dispose();

    private (string Client, string Mistake)? FindSectionOfNoClient(string[] names)
    {
        var sections = ClientSection.GetEntries(services.GetService<IConfiguration>()?.GetSection(ClientSection.Root));
        return sections.FirstOrDefault(section => !names.Contains(section.Key, StringComparer.OrdinalIgnoreCase)) is { } unknown
            ? (unknown.Key, $"{unknown.Path} is the section of no client.{NameSuggestion.GetQuestion(unknown.Key, names)} Add the client with AddThriftClient, or take the section out; there are: {string.Join(", ", names)}.")
            : null;
    }

    private void LogSectionOfNoClient(ILogger logger, string[] names)
    {
        var mistake = FindSectionOfNoClient(names)?.Mistake;
        if (Interlocked.Exchange(ref _logged, mistake) != mistake && mistake is not null)
        {
            HostingLog.SectionOfNoClient(logger, LogText.Escape(mistake));
        }
    }

    /// <summary>
    /// Options are found by their exact name: a step with another name, or without one, would never run.
    /// </summary>
    private void CheckOptionsNames(string[] names)
    {
        IEnumerable<object> steps =
        [
            .. services.GetServices<IConfigureOptions<ThriftClientOptions>>(),
            .. services.GetServices<IPostConfigureOptions<ThriftClientOptions>>(),
            .. services.GetServices<IValidateOptions<ThriftClientOptions>>(),
        ];
        if (steps.Select(NamedOptionsStep.Find).FirstOrDefault(step => step is not null && !names.Contains(step.Name, StringComparer.Ordinal)) is { } unknown)
        {
            var (subject, other) = unknown.Name.Length == 0
                ? (" without a name", unknown.HasVariantForAll ? $", or call {unknown.Method}All" : "")
                : ($" with the name \"{unknown.Name}\"", "");
            throw ClientOptionsErrors.Create(
                unknown.Name,
                $"{unknown.Method} of {nameof(ThriftClientOptions)}{subject} applies to no client.{NameSuggestion.GetQuestion(unknown.Name, names)} Pass the exact name of a client{other}; there are: {string.Join(", ", names)}.");
        }
    }
}
