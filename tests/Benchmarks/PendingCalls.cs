using BenchmarkDotNet.Attributes;
using ThriftBreaker.Benchmarks.Contenders;

namespace ThriftBreaker.Benchmarks;

// A healthy circuit and a call that completes later.

public class PendingTaskOfT : BenchmarkRun<Task<int>>
{
    private readonly PendingService _service;

    public PendingTaskOfT()
        : this(new PendingService())
    {
    }

    private PendingTaskOfT(PendingService service)
        : base(service) => _service = service;

    /// <summary>What any watch over a task costs at least.</summary>
    [Benchmark]
    public Task<int> WatchThatOnlyForwards() => Answered(ForwardingWatch.Start(_service.ValueLater(7)));

    protected override Task<int> Make(IService service) => Answered(service.ValueLater(7));

    private Task<int> Answered(Task<int> call)
    {
        _service.Answer();
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
        _service.Answer();
        return call;
    }
}
