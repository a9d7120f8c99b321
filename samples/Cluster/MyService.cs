using ThriftBreaker;

namespace Circuit.Example;

// Above the circuits of the endpoints, the service's looks at the cluster as a whole: a few failures in a row are one server's.
[CircuitBreaker(FailMax = 1_000, FailureRatio = 0.5, MinimumThroughput = 100, SamplingDurationSeconds = 5)]
public partial class MyService;
