namespace ThriftBreaker.Generator;

/// <summary>
/// The names of the runtime and of Thrift that the generator uses. A test resolves each of them in the real assemblies.
/// </summary>
internal static class RuntimeNames
{
    public const string Attribute = "ThriftBreaker.CircuitBreakerAttribute";

    public const string MethodAttribute = "ThriftBreaker.CircuitBreakerMethodAttribute";

    public const string CircuitBreaker = "ThriftBreaker.CircuitBreaker";
    public const string Options = "ThriftBreaker.CircuitBreakerOptions";
    public const string Endpoint = "ThriftBreaker.ThriftEndpoint";
    public const string Channel = "ThriftBreaker.ThriftChannel";
    public const string ConnectingClient = "ThriftBreaker.IThriftClient";
    public const string Pipeline = "ThriftBreaker.ICallPipeline";
    public const string ChannelOptions = "ThriftBreaker.ThriftChannelOptions";
    public const string ThriftService = "ThriftBreaker.GeneratedCode.ThriftService";
    public const string ThriftMethod = "ThriftBreaker.ThriftMethod";
    public const string CallerContext = "ThriftBreaker.GeneratedCode.CallerContext";
    public const string GuardedCall = "ThriftBreaker.GeneratedCode.GuardedCall";
    public const string CallInvoker = "ThriftBreaker.GeneratedCode.CallInvoker";

    public const string ThriftClient = "Thrift.TBaseClient";
    public const string ThriftProtocol = "Thrift.Protocol.TProtocol";
    public const string ThriftMessage = "Thrift.Protocol.TBase";
    public const string ThriftException = "Thrift.TException";
}
