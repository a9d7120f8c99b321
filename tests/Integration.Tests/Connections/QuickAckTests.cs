using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Connections;

/// <summary>Servers with Nagle's algorithm, which send the rest of a reply when its beginning is acknowledged.</summary>
public sealed class QuickAckTests
{
    /// <summary>Linux delays an acknowledgement by at least 40 ms.</summary>
    private static readonly TimeSpan DelayedAck = TimeSpan.FromMilliseconds(35);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Setting_DecidesAboutTheOption(bool isOn)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var endpoint = new ThriftEndpoint("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);
        var options = new ThriftChannelOptions { TcpQuickAck = isOn };

        var transport = (StreamTransport)await ConnectionFactory.OpenAsync(endpoint, options, new ConnectAttempt(endpoint, options), TestContext.Current.CancellationToken);

        Assert.Equal(isOn && OperatingSystem.IsLinux(), transport.QuickAckSocket is not null);
        transport.Disconnect();
    }

    /// <summary>One of several calls without the delay is enough, however busy the machine is.</summary>
    [Fact]
    public async Task LongReply_DoesNotWaitForDelayedAck()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "TCP_QUICKACK is an option of Linux.");
        await using var server = StreamServer.On(new IPEndPoint(IPAddress.Loopback, 0), out var bound);
        await using var guarded = new Guarded(((IPEndPoint)bound).Port, options: new ThriftChannelOptions { MaxConnections = 1 });

        // More than one write of the server's buffer; Linux acknowledges the first segments of a connection at once.
        await guarded.EchoAsync(30, new string('x', 1_500));
        var fastest = TimeSpan.MaxValue;
        for (var call = 0; call < 30 && fastest >= DelayedAck; call++)
        {
            var start = Stopwatch.GetTimestamp();
            await guarded.EchoAsync(1, new string('x', 1_500));
            var elapsed = Stopwatch.GetElapsedTime(start);
            fastest = elapsed < fastest ? elapsed : fastest;
        }

        Assert.True(fastest < DelayedAck, $"The fastest call took {fastest}.");
        Assert.Equal(1, server.AcceptedCount);
    }
}
