using ThriftBreaker;

namespace Circuit.Example;

// The other half is what the Thrift compiler wrote. The mark adds MyService.CircuitBreakerClient.
[CircuitBreaker(FailMax = 3, ResetTimeoutSeconds = 2)]
public partial class MyService;
