using BenchmarkDotNet.Attributes;
using ThriftBreaker.Benchmarks.Contenders;

namespace ThriftBreaker.Benchmarks;

// Measures awaited calls that fail on a closed circuit.

public class FaultedCalls() : BenchmarkRun<Task<int>>(new FailingService())
{
    protected override async Task<int> Make(IService service)
    {
        try
        {
            return await service.ValueLater(7).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return KeepClosed();
        }
    }

    /// <summary>Keeps the count below FailMax, however long the benchmark runs.</summary>
    private int KeepClosed()
    {
        if (CircuitBreaker.FailureCount > 100_000)
        {
            CircuitBreaker.Close();
        }

        return 0;
    }
}

public class FailsLaterCalls : BenchmarkRun<Task<int>>
{
    private readonly PendingService _service;

    public FailsLaterCalls()
        : this(new PendingService())
    {
    }

    private FailsLaterCalls(PendingService service)
        : base(service) => _service = service;

    /// <summary>The minimum cost of awaiting a task and forwarding its exception.</summary>
    [Benchmark]
    public Task<int> ForwardingAwait() => FailAndAwait(ForwardingStateMachine.Start(_service.ValueLater(7)));

    protected override Task<int> Make(IService service) => FailAndAwait(service.ValueLater(7));

    private async Task<int> FailAndAwait(Task<int> call)
    {
        _service.Fail(new TimeoutException());
        try
        {
            return await call.ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            if (CircuitBreaker.FailureCount > 100_000)
            {
                CircuitBreaker.Close();
            }

            return 0;
        }
    }
}

public class ThrowingCalls() : BenchmarkRun<int>(new FailingService())
{
    protected override int Make(IService service)
    {
        try
        {
            return service.Value(7);
        }
        catch (TimeoutException)
        {
            if (CircuitBreaker.FailureCount > 100_000)
            {
                CircuitBreaker.Close();
            }

            return 0;
        }
    }
}

public class FaultedValueTasks() : BenchmarkRun<ValueTask<int>>(new FailingService())
{
    protected override async ValueTask<int> Make(IService service)
    {
        try
        {
            return await service.ValueSoon(7).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            if (CircuitBreaker.FailureCount > 100_000)
            {
                CircuitBreaker.Close();
            }

            return 0;
        }
    }
}
