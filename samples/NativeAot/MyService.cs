using ThriftBreaker;

namespace Circuit.Example;

[CircuitBreaker(FailMax = 3, ResetTimeoutSeconds = 10)]
public partial class MyService;
