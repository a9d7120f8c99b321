using BenchmarkDotNet.Attributes;
using ThriftBreaker.Benchmarks.Contenders;

namespace ThriftBreaker.Benchmarks;

// Measures calls on a closed circuit that complete asynchronously.

public class PendingTaskOfT : BenchmarkRun<Task<int>>
{
    private readonly PendingService _service;

    public PendingTaskOfT()
        : this(new PendingService())
    {
    }

    private PendingTaskOfT(PendingService service)
        : base(service) => _service = service;

    /// <summary>The minimum cost of awaiting a task and forwarding its result.</summary>
    [Benchmark]
    public Task<int> ForwardingAwait() => Complete(ForwardingStateMachine.Start(_service.ValueLater(7)));

    protected override Task<int> Make(IService service) => Complete(service.ValueLater(7));

    private Task<int> Complete(Task<int> call)
    {
        _service.Complete();
        return call;
    }
}

public class PendingValueTaskOfT : BenchmarkRun<ValueTask<int>>
{
    private readonly PendingService _service;

    public PendingValueTaskOfT()
        : this(new PendingService())
    {
    }

    private PendingValueTaskOfT(PendingService service)
        : base(service) => _service = service;

    protected override ValueTask<int> Make(IService service)
    {
        var call = service.ValueSoon(7);
        _service.Complete();
        return call;
    }
}
