namespace ThriftBreaker.Runtime.Tests.Telemetry;

/// <summary>Every circuit of the process, for what shows all of them.</summary>
[Collection(nameof(Listening))]
public sealed class CircuitBreakerInstancesTests
{
    [Fact]
    public void ACircuitThatIsMadeIsToldToAllAlthoughOneThrows()
    {
        var name = $"circuit {Guid.NewGuid()}";
        var broken = new NotSupportedException("a listener's own affair");
        var reported = new List<Exception>();
        var heard = new List<CircuitBreaker>();
        EventHandler<CircuitBreaker>[] handlers =
        [
            Of(name, circuit => circuit.CallbackFailed += (_, thrown) => reported.Add(thrown.Exception)),
            Of(name, _ => throw broken),
            Of(name, heard.Add),
        ];
        try
        {
            Array.ForEach(handlers, static handler => CircuitBreakerInstances.Created += handler);

            var breaker = new CircuitBreaker(new() { Name = name });

            Assert.Same(breaker, Assert.Single(heard));
            Assert.Same(broken, Assert.Single(reported));
            Assert.Contains(breaker, CircuitBreakerInstances.All);
        }
        finally
        {
            Array.ForEach(handlers, static handler => CircuitBreakerInstances.Created -= handler);
        }
    }

    /// <summary>A handler that leaves the circuits of other tests alone.</summary>
    private static EventHandler<CircuitBreaker> Of(string name, Action<CircuitBreaker> handle) => (_, circuit) =>
    {
        if (circuit.Name == name)
        {
            handle(circuit);
        }
    };
}
