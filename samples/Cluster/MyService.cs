using ThriftBreaker;

namespace Circuit.Example;

// Endpoint circuit breakers handle single servers. This one handles the whole cluster, so it ignores a few consecutive
// failures, which can come from one server.
[CircuitBreaker(FailMax = 1_000, FailureRatio = 0.5, MinimumThroughput = 100, SamplingDurationSeconds = 5)]
public partial class MyService;
