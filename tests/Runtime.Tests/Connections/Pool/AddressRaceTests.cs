using System.Net;
using System.Net.Sockets;
using ThriftBreaker.Runtime.Tests.Connections.Endpoints;

namespace ThriftBreaker.Runtime.Tests.Connections.Pool;

/// <summary>Connecting to a host with several addresses, as RFC 8305 describes.</summary>
public sealed class AddressRaceTests : IDisposable
{
    private static readonly TimeSpan AttemptDelay = TimeSpan.FromMilliseconds(250);
    private static readonly IPAddress First = IPAddress.Parse("10.0.0.1");
    private static readonly IPAddress Second = IPAddress.Parse("10.0.0.2");
    private static readonly IPAddress Third = IPAddress.Parse("10.0.0.3");

    private readonly TestClock _clock = new();
    private readonly List<Attempt> _attempts = [];
    private readonly CancellationTokenSource _caller = new();

    public void Dispose()
    {
        _caller.Dispose();
        foreach (var attempt in _attempts)
        {
            attempt.Socket.Dispose();
        }
    }

    [Theory]
    [InlineData("::1 ::2 10.0.0.1 10.0.0.2", "::1 10.0.0.1 ::2 10.0.0.2")]
    [InlineData("10.0.0.1 10.0.0.2 10.0.0.3 ::1", "10.0.0.1 ::1 10.0.0.2 10.0.0.3")]
    [InlineData("10.0.0.1 10.0.0.2", "10.0.0.1 10.0.0.2")]
    [InlineData("::1", "::1")]
    public void Families_Alternate(string addresses, string expected)
        => Assert.Equal(
            expected.Split(' ').Select(IPAddress.Parse), AddressRace.AlternateFamilies([.. addresses.Split(' ').Select(IPAddress.Parse)]));

    [Fact]
    public async Task SilentAddress_NextAttemptStartsAfterDelay()
    {
        var race = Start(First, Second);
        await _clock.TimerSetAsync(AttemptDelay);
        _clock.Advance(AttemptDelay - TimeSpan.FromTicks(1));
        Assert.Equal([First], Started());

        _clock.Advance(TimeSpan.FromTicks(1));
        await WaitForAttemptsAsync(2);
        _attempts[1].Succeed();

        Assert.Same(_attempts[1].Socket, await Eventually.CompletesAsync(race));
        Assert.Equal([First, Second], Started());
        AssertEnded(winner: 1);
    }

    [Fact]
    public async Task FailedAddress_NextAttemptStartsAtOnce()
    {
        var race = Start(First, Second, Third);
        _attempts[0].Fail(SocketError.ConnectionRefused);
        await WaitForAttemptsAsync(2);
        _attempts[1].Fail(SocketError.NetworkUnreachable);
        await WaitForAttemptsAsync(3);
        _attempts[2].Succeed();

        Assert.Same(_attempts[2].Socket, await Eventually.CompletesAsync(race));
    }

    [Fact]
    public async Task EarlierAttemptFails_NextAttemptStartsAtOnce()
    {
        var race = Start(First, Second, Third);
        await _clock.TimerSetAsync(AttemptDelay);
        _clock.Advance(AttemptDelay);
        await WaitForAttemptsAsync(2);

        _attempts[0].Fail(SocketError.ConnectionRefused);
        await WaitForAttemptsAsync(3);
        _attempts[1].Succeed();

        Assert.Same(_attempts[1].Socket, await Eventually.CompletesAsync(race));
        AssertEnded(winner: 1);
    }

    [Fact]
    public async Task SlowFirstAddress_CanStillWin()
    {
        var race = Start(First, Second);
        await _clock.TimerSetAsync(AttemptDelay);
        _clock.Advance(AttemptDelay);
        await WaitForAttemptsAsync(2);
        _clock.Advance(TimeSpan.FromMinutes(1));

        _attempts[0].Succeed();

        Assert.Same(_attempts[0].Socket, await Eventually.CompletesAsync(race));
        AssertEnded(winner: 0);
    }

    /// <summary>The system can complete an attempt just before its token is cancelled.</summary>
    [Fact]
    public async Task LoserConnectsLater_ItsSocketIsClosed()
    {
        var race = Start(First, Second);
        await _clock.TimerSetAsync(AttemptDelay);
        _clock.Advance(AttemptDelay);
        await WaitForAttemptsAsync(2);
        _attempts[1].Succeed();
        await Eventually.CompletesAsync(race);

        _attempts[0].Succeed();

        await Eventually.BecomesTrueAsync(() => _attempts[0].Socket.SafeHandle.IsClosed);
        Assert.False(_attempts[1].Socket.SafeHandle.IsClosed);
    }

    [Fact]
    public async Task AllAddressesFail_ExceptionHasAllReasons()
    {
        var race = Start(First, Second);
        _attempts[0].Fail(SocketError.NetworkUnreachable);
        await WaitForAttemptsAsync(2);
        _attempts[1].Fail(SocketError.ConnectionRefused);

        var error = await Assert.ThrowsAsync<SocketException>(() => Eventually.CompletesAsync(race));

        Assert.Equal(SocketError.NetworkUnreachable, error.SocketErrorCode);
        Assert.Equal("10.0.0.1: NetworkUnreachable; 10.0.0.2: ConnectionRefused", error.Message);
        AssertEnded(winner: null);
    }

    [Fact]
    public async Task OneAddressFails_ItsExceptionIsThrown()
    {
        var race = Start(First);
        _attempts[0].Fail(SocketError.ConnectionRefused);

        Assert.Equal("10.0.0.1: ConnectionRefused", (await Assert.ThrowsAsync<SocketException>(() => Eventually.CompletesAsync(race))).Message);
    }

    [Fact]
    public async Task NoAddress_Throws()
        => Assert.Equal(SocketError.NoData, (await Assert.ThrowsAsync<SocketException>(() => Eventually.CompletesAsync(Start()))).SocketErrorCode);

    /// <summary>A user callback has failed, as it would for the next address.</summary>
    [Fact]
    public async Task OtherException_EndsTheRace()
    {
        var race = Start(First, Second);
        await _clock.TimerSetAsync(AttemptDelay);
        _clock.Advance(AttemptDelay);
        await WaitForAttemptsAsync(2);
        _attempts[1].Fail(new InvalidOperationException("not today"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => Eventually.CompletesAsync(race));

        AssertEnded(winner: null);
        _attempts[0].Succeed();
        await Eventually.BecomesTrueAsync(() => _attempts[0].Socket.SafeHandle.IsClosed);
    }

    /// <summary>The system lacks an address family.</summary>
    [Fact]
    public async Task ConnectThrowsAtOnce_NextAttemptStarts()
    {
        var race = new AddressRace(
            (address, token) => address.Equals(First) ? throw new SocketException((int)SocketError.AddressFamilyNotSupported) : ConnectAsync(address, token), _clock);
        var connecting = race.ConnectAsync([First, Second], CancellationToken.None);
        await WaitForAttemptsAsync(1);
        _attempts[0].Succeed();

        Assert.Same(_attempts[0].Socket, await Eventually.CompletesAsync(connecting));
    }

    [Fact]
    public async Task Cancellation_EndsTheRaceAlthoughAttemptsIgnoreIt()
    {
        var race = Start(First, Second);
        await _clock.TimerSetAsync(AttemptDelay);
        _clock.Advance(AttemptDelay);
        await WaitForAttemptsAsync(2);

        await _caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Eventually.CompletesAsync(race));
        AssertEnded(winner: null);
        _attempts[0].Succeed();
        _attempts[1].Fail(SocketError.OperationAborted);
        await Eventually.BecomesTrueAsync(() => _attempts[0].Socket.SafeHandle.IsClosed);
    }

    private Task<Socket> Start(params IPAddress[] addresses) => new AddressRace(ConnectAsync, _clock).ConnectAsync(addresses, _caller.Token);

    private Task<Socket> ConnectAsync(IPAddress address, CancellationToken cancellationToken)
    {
        var attempt = new Attempt(address, cancellationToken);
        lock (_attempts)
        {
            _attempts.Add(attempt);
        }

        return attempt.Task;
    }

    private IPAddress[] Started()
    {
        lock (_attempts)
        {
            return [.. _attempts.Select(static attempt => attempt.Address)];
        }
    }

    private Task WaitForAttemptsAsync(int count) => Eventually.BecomesTrueAsync(() => Started().Length == count);

    /// <summary>Asserts that all attempts but the winner are cancelled, and that no timer is left.</summary>
    private void AssertEnded(int? winner)
    {
        Assert.All(_attempts, attempt => Assert.True(attempt.CancellationToken.IsCancellationRequested));
        Assert.All(_attempts.Where((_, index) => index == winner), static attempt => Assert.False(attempt.Socket.SafeHandle.IsClosed));
        Assert.Equal(0, _clock.Timers);
    }

    private sealed class Attempt(IPAddress address, CancellationToken cancellationToken)
    {
        private readonly TaskCompletionSource<Socket> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IPAddress Address => address;

        public CancellationToken CancellationToken => cancellationToken;

        public Socket Socket { get; } = new(SocketType.Stream, ProtocolType.Tcp);

        public Task<Socket> Task => _result.Task;

        public void Succeed() => _result.SetResult(Socket);

        public void Fail(SocketError error) => Fail(new SocketException((int)error, $"{error}"));

        public void Fail(Exception error) => _result.SetException(error);
    }
}
