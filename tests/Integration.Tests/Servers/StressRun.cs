using System.Net.Sockets;
using System.Text.RegularExpressions;
using Circuit.Calculators;
using Thrift;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Integration.Tests.Servers;

/// <summary>
/// Eight concurrent callers, each of whose calls sends a distinct text, during cancellations, late and missing replies,
/// connection resets and server restarts. The timeout of each call is random.
/// </summary>
internal sealed partial class StressRun : IAsyncDisposable
{
    private const int Callers = 8;
    private static readonly TimeSpan FaultInterval = TimeSpan.FromMilliseconds(5);
    private static readonly Fault[] Faults =
    [
        Fault.Silence, Fault.LateReply, Fault.Garbage, Fault.Close, Fault.Reset, Fault.HalfReplyThenClose, Fault.HalfReplyThenSilence, Fault.ReplyTwice,
    ];

    private readonly WireFormat _wireFormat;
    private readonly CancellationTokenSource _stopped = new();
    private CalculatorServer _server;
    private int _restarts;

    public StressRun(WireFormat wireFormat)
    {
        _wireFormat = wireFormat;
        _server = CalculatorServer.Start(wireFormat);
        Proxy = new FaultInjectionProxy(_server.Port);
    }

    /// <summary>The delay of a late reply, so that reply and timeout race, and longer timeouts.</summary>
    public static TimeSpan[] Timeouts { get; } = [FaultInjectionProxy.LateReplyDelay, 2 * FaultInjectionProxy.LateReplyDelay, 3 * FaultInjectionProxy.LateReplyDelay];

    public FaultInjectionProxy Proxy { get; }

    public static int CallsPerCaller => TestRun.Times(quick: 300, @long: 10_000);

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await _server.DisposeAsync();
        _stopped.Dispose();
    }

    /// <summary>Runs until every caller has made all its calls.</summary>
    /// <param name="createCaller">
    /// Creates the echo function of one caller; each call has one of the <see cref="Timeouts"/>.
    /// </param>
    public async Task<Results> RunAsync(Func<int, Func<string, TimeSpan, CancellationToken, Task<string>>> createCaller)
    {
        var results = new Results();
        var faults = Task.WhenAll(InjectFaultsAsync(), RestartAsync());
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(caller, createCaller(caller), results)))).WaitAsync(Deadline.Long * 5);
        await _stopped.CancelAsync();
        await faults.WaitAsync(Deadline.Short);
        results.Restarts = _restarts;
        return results;
    }

    private static async Task CallAsync(int caller, Func<string, TimeSpan, CancellationToken, Task<string>> echo, Results results)
    {
        var random = new Random(caller);
        for (var number = 0; number < CallsPerCaller; number++)
        {
            using var cancellation = new CancellationTokenSource();
            var sent = $"caller {caller}, call {number}";
            try
            {
                var call = echo(sent, Timeouts[random.Next(Timeouts.Length)], cancellation.Token);
                if (random.Next(10) == 0)
                {
                    Thread.SpinWait(random.Next(5_000));
                    await cancellation.CancelAsync();
                }

                results.Count(sent, await call);
            }
            catch (Exception error) when (error is OperationCanceledException or TimeoutException or TException or IOException or SocketException)
            {
                results.CountError(error);
            }
        }
    }

    private async Task InjectFaultsAsync()
    {
        var random = new Random(0);
        while (!_stopped.IsCancellationRequested)
        {
            Proxy.NextFault = Faults[random.Next(Faults.Length)];
            await Task.Delay(FaultInterval, CancellationToken.None);
        }

        Proxy.NextFault = Fault.None;
    }

    private async Task RestartAsync()
    {
        while (!_stopped.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), CancellationToken.None);
            var port = _server.Port;
            await _server.DisposeAsync();
            _server = CalculatorServer.Start(_wireFormat, port);
            _restarts++;
        }
    }

    /// <summary>The results of the calls.</summary>
    public sealed partial class Results
    {
        private readonly Lock _sync = new();
        private readonly SortedDictionary<string, int> _errors = new(StringComparer.Ordinal);

        public int Right { get; private set; }

        public List<string> Wrong { get; } = [];

        /// <summary>The exceptions and their numbers.</summary>
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
                // With the name of the timeout, which is in the message.
                var name = error is TimeoutException ? $"{error.GetType().Name} ({TimeoutName.Match(error.Message)})" : error.GetType().Name;
                _errors[name] = _errors.GetValueOrDefault(name) + 1;
            }
        }

        [GeneratedRegex(@"CallTimeout of [\d.]+ s")]
        private static partial Regex TimeoutName { get; }

        public override string ToString()
            => $"{Right} right, {Wrong.Count} wrong, {Restarts} restarts, {string.Join(", ", _errors.Select(static error => $"{error.Value} {error.Key}"))}";
    }
}
