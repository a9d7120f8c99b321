using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ThriftBreaker.Hosting.Settings;

namespace ThriftBreaker.Hosting.Clients;

/// <summary>Makes every client when the host starts, before anything else runs: a mistake in the settings ends the start, and not the first call. Nothing is connected.</summary>
internal sealed class ClientsStartup(IServiceProvider services) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        var clients = services.GetRequiredService<IThriftClientRegistry>();
        CheckSections([.. clients.All.Select(static client => client.Name)]);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void CheckSections(string[] names)
    {
        if (ClientSection.Said(services.GetService<IConfiguration>()?.GetSection(ClientSection.Root)).FirstOrDefault(section => !names.Contains(section.Key, StringComparer.OrdinalIgnoreCase)) is { } stranger)
        {
            throw new InvalidOperationException(
                $"{stranger.Path} is the section of no client.{NameSuggestion.GetQuestion(stranger.Key, names)} Add the client with AddThriftClient, or take the section out; there are: {string.Join(", ", names)}.");
        }
    }
}
