namespace ThriftBreaker.Runtime.Tests.Connections;

/// <summary>A channel before its first connection and after its end. What happens in between needs a server: see Integration.Tests.</summary>
public sealed class ThriftChannelTests
{
    private static readonly ThriftEndpoint Nowhere = new("localhost", 1);

    [Fact]
    public void AMissingEndpointOrSettingIsNamed()
    {
        Assert.Throws<ArgumentNullException>("endpoint", static () => new ThriftChannel(null!));
        Assert.Throws<ArgumentNullException>("endpoint", static () => new ThriftChannel(null!, new ThriftChannelOptions()));
        Assert.Throws<ArgumentNullException>("options", static () => new ThriftChannel(Nowhere, null!));
    }

    [Fact]
    public void AChannelKnowsWhatItWasMadeWith()
    {
        var options = new ThriftChannelOptions { ConnectionPerCall = true };
        using var channel = new ThriftChannel(Nowhere, options);

        Assert.Same(Nowhere, channel.Endpoint);
        Assert.Same(options, channel.Options);
    }

    [Fact]
    public async Task ADisposedChannelLendsNothing()
    {
        var channel = new ThriftChannel(Nowhere);
        await channel.DisposeAsync();
        await channel.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await channel.LeaseAsync(CancellationToken.None));
    }
}
