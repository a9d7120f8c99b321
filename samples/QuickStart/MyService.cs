using ThriftBreaker;

namespace Circuit.Example;

// The Thrift compiler generated the other part of the class. The attribute adds MyService.CircuitBreakerClient.
[CircuitBreaker(FailMax = 3, ResetTimeoutSeconds = 2)]
public partial class MyService;
