using ThriftBreaker;

// The services of these tests.
namespace Circuit.Example
{
    [CircuitBreaker(FailMax = 3, ResetTimeoutSeconds = 10)]
    public partial class MyService;

    /// <summary>The same service with idempotent methods.</summary>
    [CircuitBreaker(FailMax = 3, ResetTimeoutSeconds = 10, Idempotent = true)]
    public interface IRepeatable : MyService.IAsync;

    /// <summary>The same service with a circuit breaker for each method.</summary>
    [CircuitBreaker(Scope = CircuitBreakerScope.Method)]
    public interface IMethodByMethod : MyService.IAsync;

    /// <summary>Has a name that a configuration section cannot have.</summary>
    [CircuitBreaker(Name = "orders:eu")]
    public interface INamedLikeAPath : MyService.IAsync;
}

namespace Circuit.Calculators
{
    [CircuitBreaker(FailMax = 3, ResetTimeoutSeconds = 10)]
    [CircuitBreakerMethod(nameof(IAsync.slow), FailMax = 1)]
    [CircuitBreakerMethod(nameof(IAsync.calculate), Idempotent = true)]
    public partial class Calculator;
}
