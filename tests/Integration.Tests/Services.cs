using ThriftBreaker;

// The services of these tests, with the settings of the original library.
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
