using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Thrift.Protocol;
using Thrift.Transport;
using ThriftBreaker.GeneratedCode;

namespace ThriftBreaker.Runtime.Tests.Diagnostics;

/// <summary>One client span for each call that goes to a server, after OpenTelemetry's conventions.</summary>
[Collection(nameof(Listening))]
public sealed class RpcSpanTests : IDisposable
{
    private const string Host = "127.0.0.1";
    private const int Answer = 42;
    private static readonly ThriftMethod Contract = new("add") { Service = "Calculator" };

    private readonly TcpListener _server = new(IPAddress.Loopback, port: 0);
    private readonly ThriftChannel _channel;
    private readonly ChannelCore<TProtocol> _calls;

    public RpcSpanTests()
    {
        _server.Start();
        Port = ((IPEndPoint)_server.LocalEndpoint).Port;
        _channel = new ThriftChannel(new ThriftEndpoint(Host, Port));
        _calls = new ChannelCore<TProtocol>(_channel, static protocol => protocol);
    }

    private int Port { get; }

    public void Dispose()
    {
        _channel.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task Call_IsAClientSpan()
    {
        using var recorder = new ActivityRecorder();

        Assert.Equal(Answer, await CallAsync(static () => Answer));

        var span = Assert.Single(recorder.Stopped);
        Assert.Equal(("Calculator/add", ActivityKind.Client, ActivityStatusCode.Unset), (span.DisplayName, span.Kind, span.Status));
        Assert.Equal(recorder.Caller.SpanId, span.ParentSpanId);
        Assert.Same(recorder.Caller, Activity.Current);
        Assert.Equal(
            [("rpc.system.name", "thrift"), ("rpc.method", "Calculator/add"), ("server.address", Host), ("server.port", Port)],
            span.TagObjects.Select(static tag => (tag.Key, tag.Value)));
    }

    [Fact]
    public async Task Sampler_GetsTheAttributes()
    {
        using var recorder = new ActivityRecorder();

        await CallAsync(static () => Answer);

        Assert.Equal(["rpc.system.name", "rpc.method", "server.address", "server.port"], recorder.SampledBy);
    }

    [Fact]
    public async Task CallWithoutResult_IsASpan()
    {
        using var recorder = new ActivityRecorder();

        await _calls.CallAsync(Contract, new BoundVoidCall<TProtocol, int>(Answer, static (_, _, _) => Task.CompletedTask), TestContext.Current.CancellationToken);

        Assert.Single(recorder.Stopped);
    }

    [Fact]
    public async Task Call_RunsInsideItsSpan()
    {
        using var recorder = new ActivityRecorder();

        Assert.Equal("Calculator/add", await CallAsync(static () => Activity.Current!.DisplayName));
    }

    [Fact]
    public async Task Error_IsOnTheSpan()
    {
        using var recorder = new ActivityRecorder();

        var error = await Assert.ThrowsAsync<TTransportException>(() => CallAsync<int>(static () => throw new TTransportException("the server hung up")));

        Assert.Contains("the server hung up", error.Message, StringComparison.Ordinal);
        var span = Assert.Single(recorder.Stopped);
        Assert.Equal((ActivityStatusCode.Error, error.Message), (span.Status, span.StatusDescription));
        Assert.Equal(typeof(TTransportException).FullName, span.GetTagItem("error.type"));
    }

    [Fact]
    public async Task UnreachableServer_IsAFailedSpan()
    {
        using var recorder = new ActivityRecorder();
        _server.Stop();

        await Assert.ThrowsAsync<TTransportException>(() => CallAsync(static () => Answer));

        Assert.Equal(ActivityStatusCode.Error, Assert.Single(recorder.Stopped).Status);
    }

    [Fact]
    public async Task NotSampled_CallIsMade()
    {
        using var recorder = new ActivityRecorder(ActivitySamplingResult.None);

        Assert.Equal(Answer, await CallAsync(static () => Answer));

        Assert.Empty(recorder.Stopped);
    }

    [Fact]
    public async Task NoListener_NoSpan()
    {
        using var caller = new Activity("caller").Start();

        Assert.Same(caller, await CallAsync(static () => Activity.Current));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ListenerThrows_CallIsNotAffected(bool atTheStart)
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "ThriftBreaker",
            Sample = static (ref _) => ActivitySamplingResult.AllData,
            ActivityStarted = _ => ThrowIf(atTheStart),
            ActivityStopped = _ => ThrowIf(!atTheStart),
        };
        ActivitySource.AddActivityListener(listener);

        Assert.Equal(Answer, await CallAsync(static () => Answer));
    }

    [Fact]
    public void Rejection_IsAnEventOfTheCallersActivity()
    {
        using var recorder = new ActivityRecorder();
        var circuit = TestCircuit.Open();

        Assert.Throws<CircuitOpenException>(() => circuit.CircuitBreaker.Execute(static () => { }));

        var rejected = Assert.Single(recorder.Caller.Events);
        Assert.Equal("thriftbreaker.rejected", rejected.Name);
        Assert.Equal(
            [
                ("thriftbreaker.circuit_breaker.name", "orders"),
                ("thriftbreaker.circuit_breaker.state", "open"),
                ("thriftbreaker.circuit_breaker.mode", "auto"),
                ("thriftbreaker.retry_after_seconds", TestCircuit.ResetTimeout.TotalSeconds),
            ],
            rejected.Tags.Select(static tag => (tag.Key, tag.Value)));
        Assert.Empty(recorder.Stopped);
    }

    [Fact]
    public void Rejection_Isolated_HasNoRetryAfter()
    {
        using var recorder = new ActivityRecorder();
        var circuit = TestCircuit.Closed();
        circuit.CircuitBreaker.SetMode(CircuitMode.Isolated);

        Assert.Throws<CircuitOpenException>(() => circuit.CircuitBreaker.Execute(static () => { }));

        Assert.DoesNotContain(Assert.Single(recorder.Caller.Events).Tags, static tag => tag.Key == "thriftbreaker.retry_after_seconds");
    }

    [Fact]
    public void ClockThrows_AtTracedRejection_IsReported()
    {
        using var recorder = new ActivityRecorder();
        var clock = new ManualClock();
        var breaker = new CircuitBreaker(new() { TimeProvider = clock });
        var reported = new List<Exception>();
        breaker.CallbackFailed += (_, error) => reported.Add(error.Exception);
        breaker.Open();
        clock.BreaksAtRead = clock.Reads + 2; // After the circuit breaker has rejected the call.

        Assert.False(new CallGuard(breaker).TryEnter(Contract, CancellationToken.None, out _));

        Assert.Equal("The clock is broken.", Assert.Single(reported).Message);
    }

    private static void ThrowIf(bool now)
    {
        if (now)
        {
            throw new InvalidOperationException("a broken exporter");
        }
    }

    /// <summary>Makes a call over a real connection to a server that does not reply.</summary>
    private Task<T> CallAsync<T>(Func<T> answer)
        => _calls.CallAsync(Contract, new BoundCall<TProtocol, Func<T>, T>(answer, static (_, answer, _) => Task.FromResult(answer())), TestContext.Current.CancellationToken);
}
