using ThriftBreaker.Benchmarks.Contenders;

namespace ThriftBreaker.Benchmarks;

// Measures calls on a closed circuit that complete synchronously, which is the overhead alone, for each method shape.

public class CompletedVoid() : BenchmarkRun<int>(new ReadyService())
{
    protected override int Make(IService service)
    {
        service.Run();
        return 0;
    }
}

public class CompletedValue() : BenchmarkRun<int>(new ReadyService())
{
    protected override int Make(IService service) => service.Value(7);
}

public class CompletedTask() : BenchmarkRun<Task>(new ReadyService())
{
    protected override Task Make(IService service) => service.Later();
}

public class CompletedTaskOfT() : BenchmarkRun<Task<int>>(new ReadyService())
{
    protected override Task<int> Make(IService service) => service.ValueLater(7);
}

public class CompletedValueTask() : BenchmarkRun<ValueTask>(new ReadyService())
{
    protected override ValueTask Make(IService service) => service.Soon();
}

public class CompletedValueTaskOfT() : BenchmarkRun<ValueTask<int>>(new ReadyService())
{
    protected override ValueTask<int> Make(IService service) => service.ValueSoon(7);
}
