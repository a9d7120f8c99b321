using Circuit.Example;
using ThriftBreaker;

// The same service under its own name, by an attribute on this assembly.
[assembly: CircuitBreaker(typeof(MyService), FailMax = 3, ResetTimeoutSeconds = 10)]
