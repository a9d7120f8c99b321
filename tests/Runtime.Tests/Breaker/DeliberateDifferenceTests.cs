namespace ThriftBreaker.Runtime.Tests.Breaker;

/// <summary>Where a pybreaker user finds something else, and better.</summary>
public sealed class DeliberateDifferenceTests
{
    [Fact]
    public async Task CallsThroughOneCircuitRunTogether()
    {
        var breaker = new CircuitBreaker();
        var first = new TaskCompletionSource<int>();

        var slow = breaker.ExecuteAsync(_ => first.Task, TestContext.Current.CancellationToken);
        Assert.Equal(2, breaker.Execute(() => breaker.Execute(static () => 2)));
        Assert.False(slow.IsCompleted);

        first.SetResult(1);
        Assert.Equal(1, await slow);
    }

    [Fact]
    public async Task AnAsynchronousCallIsObservedToItsEnd()
    {
        var breaker = new CircuitBreaker(new() { FailMax = 1 });
        var end = new TaskCompletionSource();

        var call = breaker.ExecuteAsync(_ => end.Task, TestContext.Current.CancellationToken);
        Assert.Equal((CircuitState.Closed, 0), (breaker.State, breaker.FailureCount));
        end.SetException(new InvalidOperationException("late"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => call);

        Assert.Equal(CircuitState.Open, breaker.State);
    }

    [Fact]
    public void AListenersErrorDoesNotCancelTheTransition()
    {
        var breaker = new CircuitBreaker(new() { FailMax = 1 });
        breaker.StateChanged += static (_, _) => throw new InvalidOperationException("a listener's own affair");

        Assert.Throws<TimeoutException>(() => breaker.Execute(static () => throw new TimeoutException()));

        Assert.Equal(CircuitState.Open, breaker.State);
    }

    [Fact]
    public void ClosingAClosedCircuitIsNoEvent()
    {
        var circuit = TestCircuit.Closed();
        circuit.Fail();

        circuit.Breaker.Close();

        Assert.Empty(circuit.Changes);
        Assert.Equal(0, circuit.Breaker.FailureCount);
    }

    [Fact]
    public void ExcludingATypeExcludesNothingElse()
    {
        var breaker = new CircuitBreaker(new() { Exclude = [typeof(FileNotFoundException)] });

        Assert.Throws<FileNotFoundException>(() => breaker.Execute(static () => throw new FileNotFoundException()));
        Assert.Equal(0, breaker.FailureCount);
        Assert.Throws<IOException>(() => breaker.Execute(static () => throw new IOException()));
        Assert.Throws<DirectoryNotFoundException>(() => breaker.Execute(static () => throw new DirectoryNotFoundException()));

        Assert.Equal(2, breaker.FailureCount);
    }
}
