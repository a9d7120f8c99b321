using System.Text.RegularExpressions;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>
/// Runs samples/Web as a process on a free port. All tests share it, so each heals the backends that it breaks.
/// </summary>
public sealed partial class WebSample : IAsyncLifetime
{
    /// <summary>The start is slow from a cold disk or in parallel with other tests.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly Sample _process = new("Web", "--urls", "http://127.0.0.1:0");
    private readonly HttpClient _client = new() { Timeout = Deadline.Short };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await WaitUntilAsync(() => Task.FromResult(_process.Output.Any(static line => Listening.IsMatch(line))), "the sample listens", () => string.Join('\n', [.. _process.Output, .. _process.Errors]));
        _client.BaseAddress = new Uri(Listening.Match(_process.Output.First(static line => Listening.IsMatch(line))).Value);
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        _process.Dispose();
        return default;
    }

    public Uri GetAddress(string path) => new(_client.BaseAddress!, path);

    /// <summary>Waits until the response to a GET of this path matches the pattern.</summary>
    public async Task WaitUntilShownAsync(string path, string pattern)
    {
        var answer = "";
        await WaitUntilAsync(
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
        using var answer = await _client.GetAsync(GetAddress(path), Token);
        return answer.EnsureSuccessStatusCode() is { Content: var content } ? await content.ReadAsStringAsync(Token) : "";
    }

    /// <summary>Sends the request of a button of the front page.</summary>
    public async Task PostAsync(string path)
    {
        using var answer = await _client.PostAsync(GetAddress(path), content: null, Token);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task WaitUntilAsync(Func<Task<bool>> condition, string what, Func<string> getLast)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Timeout, $"Not within {Timeout.TotalSeconds} s: {what}. The last output was:\n{getLast()}");
            await Task.Delay(50, Token);
        }
    }

    [GeneratedRegex("(?<=Now listening on: )http://[0-9.:]+")]
    private static partial Regex Listening { get; }
}
