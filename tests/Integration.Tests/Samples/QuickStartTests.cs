using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Samples;

/// <summary>The QuickStart sample as a process, against server processes.</summary>
public sealed class QuickStartTests
{
    /// <summary>Each probe before the restart of the server opens the circuit again.</summary>
    private const string OpenThenClosed = "^Circuit: closed → open( → half-open → open)* → half-open → closed$";

    [Fact]
    public async Task WithoutArguments_ShowsCircuitOpenAndClose()
    {
        using var sample = new Sample("QuickStart");
        Assert.Equal(0, await sample.ExitCodeAsync());
        Assert.Matches(OpenThenClosed, sample.Output[^1]);
        foreach (var part in new[] { "the server answered", "failed: No connection to 127.0.0.1:", "rejected, nothing sent; next try in", "Median time", "time for a probe" })
        {
            Assert.Contains(sample.Output, line => line.Contains(part, StringComparison.Ordinal));
        }

        Assert.Empty(sample.Errors);
    }

    [Theory]
    [InlineData(ThriftTransport.Buffered)]
    [InlineData(ThriftTransport.Framed)]
    public async Task PythonServer_KilledAndRestarted_ShowsCircuitOpenAndClose(ThriftTransport transport)
    {
        var wireFormat = new WireFormat(transport, ThriftProtocol.Binary);
        var server = await ExternalPrograms.StartPythonMyServiceAsync(wireFormat);
        using var sample = new Sample("QuickStart", "--connect", $"127.0.0.1:{server.Port}", "--transport", $"{transport}", "--calls", "160");
        await sample.SaysAsync("the server answered");

        await server.DisposeAsync();
        await sample.SaysAsync("rejected, nothing sent");
        await using var restarted = await ExternalPrograms.StartPythonMyServiceAsync(wireFormat, server.Port);

        Assert.Equal(0, await sample.ExitCodeAsync());
        Assert.Matches(OpenThenClosed, sample.Output[^1]);
    }

    [Theory]
    [InlineData("--calls requires --connect", "--calls", "5")]
    [InlineData("--calls requires a number greater than zero, not '0'", "--connect", "localhost:9090", "--calls", "0")]
    [InlineData("--connect requires HOST:PORT with a port from 1 to 65535, not 'localhost'", "--connect", "localhost")]
    [InlineData("--connect requires HOST:PORT with a port from 1 to 65535, not 'localhost:0'", "--connect", "localhost:0")]
    [InlineData("--connect requires HOST:PORT with a port from 1 to 65535, not ':9090'", "--connect", ":9090")]
    [InlineData("--connect requires HOST:PORT with a port from 1 to 65535, not '[]:9090'", "--connect", "[]:9090")]
    [InlineData("--connect requires HOST:PORT with a port from 1 to 65535, not '  :9090'", "--connect", "  :9090")]
    [InlineData("--transport requires buffered or framed or raw, not 'http'", "--transport", "http")]
    [InlineData("--protocol requires binary or compact or json, not 'xml'", "--protocol", "xml")]
    [InlineData("--connect", "--connect")]
    [InlineData("--nonsense", "--nonsense")]
    public async Task InvalidArgument_PrintsOneLine(string message, params string[] arguments)
    {
        using var sample = new Sample("QuickStart", arguments);
        Assert.Equal(1, await sample.ExitCodeAsync());
        Assert.Empty(sample.Output);
        Assert.Contains(message, Assert.Single(sample.Errors), StringComparison.Ordinal);
    }
}
