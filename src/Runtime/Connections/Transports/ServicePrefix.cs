using Thrift.Protocol;
using Thrift.Protocol.Entities;

namespace ThriftBreaker;

/// <summary>
/// Puts the service's name before the method's, as servers of several services want it. A name that has one already is left alone, so that
/// <see cref="ThriftChannelOptions.OnConnected"/> can speak to another service of the server through Thrift's own TMultiplexedProtocol.
/// </summary>
internal sealed class ServicePrefix(TProtocol protocol, string service) : TProtocolDecorator(protocol)
{
    private readonly string _prefix = service + TMultiplexedProtocol.Separator;

    public override Task WriteMessageBeginAsync(TMessage message, CancellationToken cancellationToken)
        => message.Name.Contains(TMultiplexedProtocol.Separator, StringComparison.Ordinal)
            ? base.WriteMessageBeginAsync(message, cancellationToken)
            : base.WriteMessageBeginAsync(new TMessage(_prefix + message.Name, message.Type, message.SeqID), cancellationToken);
}
