using System.Net;
using System.Net.Sockets;

namespace ThriftBreaker;

/// <summary>
/// Connects to the first of several addresses of a host that accepts a connection, as RFC 8305 (Happy Eyeballs)
/// describes: without it, an address that drops packets uses up the whole connect timeout.
/// </summary>
/// <remarks>
/// The address families alternate. An attempt starts 250 ms after the previous one, or as soon as one has failed.
/// </remarks>
/// <param name="connectAsync">
/// Connects to one address. After a <see cref="SocketException"/>, the next address is tried; other exceptions end the
/// race.
/// </param>
/// <param name="timeProvider">The clock.</param>
internal sealed class AddressRace(Func<IPAddress, CancellationToken, Task<Socket>> connectAsync, TimeProvider timeProvider)
{
    /// <summary>The Connection Attempt Delay that RFC 8305 recommends.</summary>
    private static readonly TimeSpan AttemptDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>Connects, and closes the connections of the attempts that were slower.</summary>
    /// <param name="addresses">The addresses, in the order of the resolver's preference.</param>
    /// <param name="cancellationToken">Ends all attempts.</param>
    /// <exception cref="SocketException">No address accepts a connection.</exception>
    public async Task<Socket> ConnectAsync(IReadOnlyList<IPAddress> addresses, CancellationToken cancellationToken)
    {
        var running = new List<Task<Socket>>();
        var failures = new List<SocketException>();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            using var remaining = AlternateFamilies(addresses).GetEnumerator();
            var hasNext = remaining.MoveNext();
            while (hasNext || running.Count > 0)
            {
                var delay = Task.CompletedTask;
                if (hasNext)
                {
                    running.Add(StartAsync(remaining.Current, end.Token));
                    hasNext = remaining.MoveNext();
                    delay = Task.Delay(AttemptDelay, timeProvider, end.Token);
                }

                Task[] events = hasNext ? [.. running, delay] : [.. running];
                if (await Task.WhenAny(events).WaitAsync(cancellationToken).ConfigureAwait(false) is not Task<Socket> attempt)
                {
                    continue;
                }

                running.Remove(attempt);
                try
                {
                    return await attempt.ConfigureAwait(false);
                }
                catch (SocketException failure)
                {
                    failures.Add(failure);
                }
            }
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            running.ForEach(Close);
        }

        throw CreateException(failures);
    }

    /// <summary>
    /// Puts the addresses in the order of the attempts: the families in turn, the first address's family first.
    /// </summary>
    public static IEnumerable<IPAddress> AlternateFamilies(IReadOnlyList<IPAddress> addresses)
        => addresses
            .GroupBy(static address => address.AddressFamily)
            .SelectMany(static (family, familyIndex) => family.Select((address, index) => (address, index, familyIndex)))
            .OrderBy(static entry => entry.index)
            .ThenBy(static entry => entry.familyIndex)
            .Select(static entry => entry.address);

    /// <summary>
    /// Starts an attempt. The message of its exception names the address, which that of the system does not.
    /// </summary>
    private async Task<Socket> StartAsync(IPAddress address, CancellationToken cancellationToken)
    {
        try
        {
            return await connectAsync(address, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException failure)
        {
            throw new SocketException((int)failure.SocketErrorCode, $"{address}: {failure.Message}");
        }
    }

    /// <summary>Closes the connection of an attempt, also if the attempt ends later.</summary>
    private static void Close(Task<Socket> attempt) => attempt.ContinueWith(
        static attempt =>
        {
            if (attempt.IsCompletedSuccessfully)
            {
                attempt.Result.Dispose();
            }

            _ = attempt.Exception;
        },
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    private static SocketException CreateException(List<SocketException> failures)
        => failures is [var first, ..]
            ? new SocketException((int)first.SocketErrorCode, string.Join("; ", failures.Select(static failure => failure.Message)))
            : new SocketException((int)SocketError.NoData);
}
