using ThriftBreaker;

// The marked services of these tests. The settings are the original's; the tests bring their own clock.
namespace Circuit.Example
{
    [CircuitBreaker(FailMax = 3, ResetTimeoutSeconds = 10)]
    public partial class MyService;
}

namespace Circuit.Calculators
{
    [CircuitBreaker(FailMax = 3, ResetTimeoutSeconds = 10)]
    public partial class Calculator;
}
