namespace ThriftBreaker.Benchmarks.Contenders;

/// <summary>A service with a method of every shape. The mark makes ServiceCircuitBreakerClient.</summary>
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
