using ThriftBreaker;

namespace Circuit.Example;

/// <summary>The service that the Thrift compiler generates in this project.</summary>
[CircuitBreaker(FailMax = 3, ResetTimeoutSeconds = 10)]
public partial class MyService
{
}
