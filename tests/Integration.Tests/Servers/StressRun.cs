using System.Net.Sockets;
using System.Text.RegularExpressions;
using Circuit.Calculators;
using Thrift;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Integration.Tests.Servers;

/// <summary>
/// Eight callers at a time whose every call carries a text of its own, while callers give up, replies come late or not at all, connections are
/// reset and the server is restarted. How long each call may take is for the random to say.
/// </summary>
internal sealed partial class StressRun : IAsyncDisposable
{
    private const int Callers = 8;
    private static readonly TimeSpan BetweenFaults = TimeSpan.FromMilliseconds(5);
    private static readonly Fault[] Faults =
    [
        Fault.Silence, Fault.LateReply, Fault.Garbage, Fault.Close, Fault.Reset, Fault.HalfReplyThenClose, Fault.HalfReplyThenSilence, Fault.ReplyTwice,
    ];

    private readonly WireFormat _wireFormat;
    private readonly CancellationTokenSource _over = new();
    private CalculatorServer _server;
    private int _restarts;

    public StressRun(WireFormat wireFormat)
    {
        _wireFormat = wireFormat;
        _server = CalculatorServer.Start(wireFormat);
        Front = new FaultInjectionProxy(_server.Port);
    }

    /// <summary>As long as a late reply takes, so that it and the timeout race; and longer.</summary>
    public static TimeSpan[] Timeouts { get; } = [FaultInjectionProxy.Lateness, 2 * FaultInjectionProxy.Lateness, 3 * FaultInjectionProxy.Lateness];

    public FaultInjectionProxy Front { get; }

    public static int CallsOfEach => TestRun.Times(quick: 300, @long: 10_000);

    public async ValueTask DisposeAsync()
    {
        await Front.DisposeAsync();
        await _server.DisposeAsync();
        _over.Dispose();
    }

    /// <summary>Lets the storm rage until every caller has made all its calls.</summary>
    /// <param name="callerOf">Makes the calls of one caller, with one of the <see cref="Timeouts"/> each.</param>
    public async Task<WindowCounts> RageAsync(Func<int, Func<string, TimeSpan, CancellationToken, Task<string>>> callerOf)
    {
        var tally = new WindowCounts();
        var mischief = Task.WhenAll(MakeFaultsAsync(), RestartAsync());
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(caller, callerOf(caller), tally)))).WaitAsync(Deadline.Long * 5);
        await _over.CancelAsync();
        await mischief.WaitAsync(Deadline.Short);
        tally.Restarts = _restarts;
        return tally;
    }

    private static async Task CallAsync(int caller, Func<string, TimeSpan, CancellationToken, Task<string>> echo, WindowCounts tally)
    {
        var random = new Random(caller);
        for (var number = 0; number < CallsOfEach; number++)
        {
            using var impatience = new CancellationTokenSource();
            var sent = $"caller {caller}, call {number}";
            try
            {
                var call = echo(sent, Timeouts[random.Next(Timeouts.Length)], impatience.Token);
                if (random.Next(10) == 0)
                {
                    Thread.SpinWait(random.Next(5_000));
                    await impatience.CancelAsync();
                }

                tally.Count(sent, await call);
            }
            catch (Exception error) when (error is OperationCanceledException or TimeoutException or TException or IOException or SocketException)
            {
                tally.CountError(error);
            }
        }
    }

    private async Task MakeFaultsAsync()
    {
        var random = new Random(0);
        while (!_over.IsCancellationRequested)
        {
            Front.Next = Faults[random.Next(Faults.Length)];
            await Task.Delay(BetweenFaults, CancellationToken.None);
        }

        Front.Next = Fault.None;
    }

    private async Task RestartAsync()
    {
        while (!_over.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), CancellationToken.None);
            var port = _server.Port;
            await _server.DisposeAsync();
            _server = CalculatorServer.Start(_wireFormat, port);
            _restarts++;
        }
    }

    /// <summary>What the callers got.</summary>
    public sealed partial class WindowCounts
    {
        private readonly Lock _sync = new();
        private readonly SortedDictionary<string, int> _errors = new(StringComparer.Ordinal);

        public int Right { get; private set; }

        public List<string> Wrong { get; } = [];

        /// <summary>What the others ended with, and how many.</summary>
        public IReadOnlyDictionary<string, int> Errors => _errors;

        public int Failed => _errors.Values.Sum();

        public int Restarts { get; set; }

        public void Count(string sent, string received)
        {
            lock (_sync)
            {
                if (received == sent)
                {
                    Right++;
                }
                else
                {
                    Wrong.Add($"{sent}: {received}");
                }
            }
        }

        public void CountError(Exception error)
        {
            lock (_sync)
            {
                // Of a timeout, which: they tell it in their first sentence.
                var name = error is TimeoutException ? $"{error.GetType().Name} ({TheTimeout.Match(error.Message)})" : error.GetType().Name;
                _errors[name] = _errors.GetValueOrDefault(name) + 1;
            }
        }

        [GeneratedRegex(@"CallTimeout of [\d.]+ s")]
        private static partial Regex TheTimeout { get; }

        public override string ToString()
            => $"{Right} right, {Wrong.Count} wrong, {Restarts} restarts, {string.Join(", ", _errors.Select(static error => $"{error.Value} {error.Key}"))}";
    }
}
