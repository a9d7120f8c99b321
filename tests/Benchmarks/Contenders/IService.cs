namespace ThriftBreaker.Benchmarks.Contenders;

/// <summary>A service with one method of each shape. The generated client is ServiceCircuitBreakerClient.</summary>
[CircuitBreaker(FailMax = 1_000_000, ResetTimeoutSeconds = 3600)]
public interface IService
{
    void Run();

    int Value(int number);

    Task Later();

    Task<int> ValueLater(int number);

    ValueTask Soon();

    ValueTask<int> ValueSoon(int number);
}
