using System.Text.RegularExpressions;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>samples/Web, as a user runs it: a process, at a port that it takes itself. One for all tests, which leave it healed.</summary>
public sealed partial class WebSample : IAsyncLifetime
{
    /// <summary>A start from a cold disk, beside other tests, is slow.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Sample _process = new("Web", "--urls", "http://127.0.0.1:0");
    private readonly HttpClient _client = new() { Timeout = Deadline.Short };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await UntilAsync(() => Task.FromResult(_process.Output.Any(static line => Listening.IsMatch(line))), "the sample listens", () => string.Join('\n', [.. _process.Output, .. _process.Errors]));
        _client.BaseAddress = new Uri(Listening.Match(_process.Output.First(static line => Listening.IsMatch(line))).Value);
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        _process.Dispose();
        return default;
    }

    public Uri AddressOf(string path) => new(_client.BaseAddress!, path);

    /// <summary>Waits until the answer to a GET of this path has this part.</summary>
    public async Task ShowsAsync(string path, string pattern)
    {
        var answer = "";
        await UntilAsync(
            async () =>
            {
                answer = await GetAsync(path);
                return Regex.IsMatch(answer, pattern, RegexOptions.Multiline);
            },
            $"{path} shows {pattern}",
            () => answer);
    }

    public async Task<string> GetAsync(string path)
    {
        using var answer = await _client.GetAsync(AddressOf(path), Token);
        return answer.EnsureSuccessStatusCode() is { Content: var content } ? await content.ReadAsStringAsync(Token) : "";
    }

    /// <summary>What a button of the front page does.</summary>
    public async Task PostAsync(string path)
    {
        using var answer = await _client.PostAsync(AddressOf(path), content: null, Token);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what, Func<string> instead)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, $"Not within {Patience.TotalSeconds} s: {what}. The last there was:\n{instead()}");
            await Task.Delay(50, Token);
        }
    }

    [GeneratedRegex("(?<=Now listening on: )http://[0-9.:]+")]
    private static partial Regex Listening { get; }
}
