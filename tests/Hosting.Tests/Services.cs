using ThriftBreaker;

// The marked services of these tests.
namespace Circuit.Example
{
    [CircuitBreaker(FailMax = 3, ResetTimeoutSeconds = 10)]
    public partial class MyService;

    /// <summary>The same service, whose server may get every call twice.</summary>
    [CircuitBreaker(FailMax = 3, ResetTimeoutSeconds = 10, Idempotent = true)]
    public interface IRepeatable : MyService.IAsync;

    /// <summary>The same service with a circuit for each method, and none for itself.</summary>
    [CircuitBreaker(Scope = CircuitBreakerScope.Method)]
    public interface IMethodByMethod : MyService.IAsync;

    /// <summary>Its mark gives it a name that no section of a configuration can have.</summary>
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
