using ThriftBreaker;

// The marked services of these tests.
namespace Circuit.Example
{
    [CircuitBreaker(FailMax = 3, ResetTimeoutSeconds = 10)]
    public partial class MyService;
}

namespace Circuit.Calculators
{
    [CircuitBreaker(FailMax = 3, ResetTimeoutSeconds = 10)]
    [CircuitBreakerMethod(nameof(IAsync.slow), FailMax = 1)]
    public partial class Calculator;
}
