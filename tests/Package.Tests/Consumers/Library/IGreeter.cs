using Circuit.Example;
using ThriftBreaker;

namespace Library;

/// <summary>A service of another assembly, with the attribute on this interface.</summary>
[CircuitBreaker(FailMax = 3, ResetTimeoutSeconds = 10)]
public interface IGreeter : MyService.IAsync;
