using Thrift.Protocol;
using Thrift.Protocol.Entities;

namespace ThriftBreaker;

/// <summary>
/// Adds the service name before the method name, as servers of several services require. Names that have one already
/// are not changed, so that <see cref="ThriftChannelOptions.OnConnected"/> can call another service through
/// TMultiplexedProtocol.
/// </summary>
internal sealed class MultiplexedServiceProtocol(TProtocol protocol, string service) : TProtocolDecorator(protocol)
{
    private readonly string _prefix = service + TMultiplexedProtocol.Separator;

    public override Task WriteMessageBeginAsync(TMessage message, CancellationToken cancellationToken)
        => message.Name.Contains(TMultiplexedProtocol.Separator, StringComparison.Ordinal)
            ? base.WriteMessageBeginAsync(message, cancellationToken)
            : base.WriteMessageBeginAsync(new TMessage(_prefix + message.Name, message.Type, message.SeqID), cancellationToken);
}
