using System.Globalization;
using System.Text;
using ThriftBreaker.Generator.Tests.Harness;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Peers.Cross;

/// <summary>
/// Apache Thrift's own cross test: every call of ThriftTest.thrift to servers of its libraries in other languages, in
/// each transport and protocol, with the service alone and multiplexed. Prints a matrix of the results.
/// </summary>
public sealed class CrossTests
{
    private const char Success = '+';
    private const char Unexpected = '!';
    private const char NoService = '.';

    /// <summary>After this time, a call that is known to fail counts as failed.</summary>
    private static readonly TimeSpan KnownFailureTimeout = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(Peer.Python)]
    [InlineData(Peer.Node)]
    [InlineData(Peer.Cpp)]
    [InlineData(Peer.Java)]
    public async Task EveryCall_SucceedsUnlessThriftsOwnClientFails(Peer peer)
    {
        RealContract.SkipUnlessAvailable();

        // The newest version also has testUuid. Neither the compiler nor the libraries of Debian support this type.
        Assert.Empty(new RealContract(Path.Combine("apache-thrift", "test", "ThriftTest.thrift")).Generate());
        var calls = ThriftTestAssembly.Calls;
        Assert.Empty(calls.Methods.Except(calls.Names.Select(static name => name.Split(':')[0])));
        await using var process = await ExternalPrograms.StartThriftTestAsync(peer, ThriftTestAssembly.Contract.FullPath);

        // Python's server closes each connection without a header that announces it, and the client would use it again.
        using var http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = peer == Peer.Python ? TimeSpan.Zero : Timeout.InfiniteTimeSpan });
        var failures = new List<string>();
        var columns = new List<(CrossServer Server, string Results)>();
        foreach (var server in CrossServer.ReadPorts(process))
        {
            columns.Add((server, await MakeCallsAsync(new Bench(peer, process, server, calls, server.GetEndpoint(http)), failures)));
        }

        TestContext.Current.TestOutputHelper!.WriteLine(Print(peer, calls.Names, columns));
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    /// <summary>Makes every call on one client; returns a character for each.</summary>
    private static async Task<string> MakeCallsAsync(Bench bench, List<string> failures)
    {
        var results = new StringBuilder();
        var client = bench.Connect(Deadline.Short);
        foreach (var name in bench.Calls.Names)
        {
            if (name == "secondtestString" && !bench.Server.IsMultiplexed)
            {
                results.Append(NoService);
                continue;
            }

            var reason = KnownFailures.Find(bench.Peer, bench.Server, name);
            var problem = reason < 0 ? await GetFailureAsync(bench, client, name) : await GetObjectionAsync(bench, name, KnownFailures.All[reason].Reason);
            if (problem is not null)
            {
                failures.Add($"{bench.Peer}, {bench.Server}, {name}: {problem}");

                // A failed call must not open the circuit for those that follow.
                await client.DisposeAsync();
                client = bench.Connect(Deadline.Short);
            }

            results.Append(problem is not null ? Unexpected : reason < 0 ? Success : GetLetter(reason));
        }

        await client.DisposeAsync();
        return results.ToString();
    }

    /// <summary>Makes a call that must succeed; returns how it failed.</summary>
    private static async Task<string?> GetFailureAsync(Bench bench, IThriftTestClient client, string name)
        => await bench.CallAsync(client, name) is { } error ? $"{error}\nThrift's own client: {(await bench.CallBareAsync(name, Deadline.Short))?.ToString() ?? "succeeds"}" : null;

    /// <summary>Makes a call that is known to fail; returns why it should not be known to.</summary>
    private static async Task<string?> GetObjectionAsync(Bench bench, string name, string reason)
    {
        await using var client = bench.Connect(KnownFailureTimeout);
        return await bench.CallAsync(client, name) is null ? $"it succeeds, although it is a known failure: {reason}."
            : await bench.CallBareAsync("testVoid", Deadline.Short) is { } noConnection ? $"Thrift's own client cannot call anything: {noConnection}"
            : await bench.CallBareAsync(name, KnownFailureTimeout) is null ? $"Thrift's own client succeeds, although this is a known failure of it: {reason}."
            : null;
    }

    private static string Print(Peer peer, IReadOnlyList<string> names, IReadOnlyList<(CrossServer Server, string Results)> columns)
    {
        var pairs = columns.Chunk(2).ToArray();
        var results = string.Concat(columns.Select(static column => column.Results));
        var matrix = new StringBuilder();
        matrix.AppendLine(CultureInfo.InvariantCulture, $"{peer}: {results.Count(static result => result != NoService)} calls, {results.Count(static result => result == Success)} succeed.");
        matrix.AppendLine("In each column: the service alone, then multiplexed. '+' succeeds, '.' the server has no such service, '!' fails unexpectedly.");
        matrix.AppendLine(Row("", pairs.Select(static pair => pair[0].Server.Transport?.ToString() ?? "HTTP")));
        matrix.AppendLine(Row("", pairs.Select(static pair => $"{pair[0].Server.Protocol}")));
        for (var call = 0; call < names.Count; call++)
        {
            matrix.AppendLine(Row(names[call], pairs.Select(pair => $"{pair[0].Results[call]}{pair[1].Results[call]}")));
        }

        matrix.AppendLine(Row("testUuid", pairs.Select(static _ => "--")));
        matrix.AppendLine("-: the Thrift compiler 0.17 and Debian's libraries do not have the type uuid.");
        foreach (var number in Enumerable.Range(0, KnownFailures.All.Count).Where(number => results.Contains(GetLetter(number), StringComparison.Ordinal)))
        {
            matrix.AppendLine(CultureInfo.InvariantCulture, $"{GetLetter(number)}: fails with Thrift's own client too: {KnownFailures.All[number].Reason}.");
        }

        return matrix.ToString();
    }

    private static string Row(string name, IEnumerable<string> cells) => $"{name,-36}{string.Concat(cells.Select(static cell => $"{cell,-9}"))}".TrimEnd();

    private static char GetLetter(int reason) => (char)('a' + reason);

    private sealed record Bench(Peer Peer, PeerProcess Process, CrossServer Server, IThriftTestCalls Calls, ThriftEndpoint Endpoint)
    {
        public IThriftTestClient Connect(TimeSpan callTimeout) => Calls.Connect(Endpoint, Server.IsMultiplexed, callTimeout);

        public async Task<Exception?> CallAsync(IThriftTestClient client, string name)
            => await Record.ExceptionAsync(() => client.CallAsync(name, Process.PrintsAsync, TestContext.Current.CancellationToken));

        /// <summary>Makes a call with Thrift's own client on a new connection.</summary>
        public async Task<Exception?> CallBareAsync(string name, TimeSpan callTimeout)
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            timeout.CancelAfter(callTimeout);
            var protocol = await Server.ConnectBareAsync(timeout.Token);
            await using var client = Calls.ConnectBare(protocol, Server.IsMultiplexed);
            return await Record.ExceptionAsync(() => client.CallAsync(name, Process.PrintsAsync, timeout.Token));
        }
    }
}
