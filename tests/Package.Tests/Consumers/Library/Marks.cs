using Circuit.Example;
using ThriftBreaker;

// The same service under its own name, marked from the outside.
[assembly: CircuitBreaker(typeof(MyService), FailMax = 3, ResetTimeoutSeconds = 10)]
