using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ThriftBreaker.Hosting.Configuration;

namespace ThriftBreaker.Hosting.Clients;

/// <summary>
/// Creates every client when the host starts, before other services start: an error in the settings stops the host, and
/// not the first call. No connection is opened.
/// </summary>
internal sealed class ClientsStartup(IServiceProvider services) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        string[] names = [.. services.GetRequiredService<IThriftClientRegistry>().All.Select(static client => client.Name)];
        CheckSections(names);
        CheckOptionsNames(names);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void CheckSections(string[] names)
    {
        var sections = ClientSection.GetEntries(services.GetService<IConfiguration>()?.GetSection(ClientSection.Root));
        if (sections.FirstOrDefault(section => !names.Contains(section.Key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw ClientOptionsErrors.Create(
                unknown.Key,
                $"{unknown.Path} is the section of no client.{NameSuggestion.GetQuestion(unknown.Key, names)} Add the client with AddThriftClient, or take the section out; there are: {string.Join(", ", names)}.");
        }
    }

    /// <summary>
    /// Options are found by their exact name: an action with another name, or without one, would never run.
    /// </summary>
    private void CheckOptionsNames(string[] names)
    {
        IEnumerable<string?> configured =
        [
            .. services.GetServices<IConfigureOptions<ThriftClientOptions>>().OfType<ConfigureNamedOptions<ThriftClientOptions>>()
                .Select(static action => action.Name),
            .. services.GetServices<IPostConfigureOptions<ThriftClientOptions>>().OfType<PostConfigureOptions<ThriftClientOptions>>()
                .Select(static action => action.Name),
        ];
        if (configured.FirstOrDefault(name => name is not null && !names.Contains(name, StringComparer.Ordinal)) is { } unknown)
        {
            var subject = unknown.Length == 0 ? "Configure<ThriftClientOptions>(…) without a name" : $"Configure<ThriftClientOptions>(\"{unknown}\", …)";
            throw ClientOptionsErrors.Create(
                unknown,
                $"{subject} configures no client.{NameSuggestion.GetQuestion(unknown, names)} Pass the exact name of a client, or call ConfigureAll; there are: {string.Join(", ", names)}.");
        }
    }
}
