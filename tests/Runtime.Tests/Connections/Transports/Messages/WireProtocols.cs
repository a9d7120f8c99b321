using Thrift;
using Thrift.Protocol;
using Thrift.Protocol.Entities;
using Thrift.Transport;
using Thrift.Transport.Client;

namespace ThriftBreaker.Runtime.Tests.Connections.Transports.Messages;

/// <summary>The protocols of a connection, and Thrift's own.</summary>
internal static class WireProtocols
{
    public static CallProtocol Create(ThriftProtocol protocol, CallTransport transport, string? service = null) => protocol switch
    {
        ThriftProtocol.Compact => new CompactProtocol(transport, service),
        ThriftProtocol.Json => new JsonProtocol(transport, service),
        _ => new BinaryProtocol(transport, service),
    };

    public static TProtocol CreateThrift(ThriftProtocol protocol, TTransport transport) => protocol switch
    {
        ThriftProtocol.Compact => new TCompactProtocol(transport),
        ThriftProtocol.Json => new TJsonProtocol(transport),
        _ => new TBinaryProtocol(transport),
    };

    /// <summary>Gets the bytes that Thrift's protocol writes for a message.</summary>
    public static Task<byte[]> WriteWithThriftAsync(ThriftProtocol protocol, bool framed, TMessage header, RandomValue value)
        => WriteWithThriftAsync(protocol, framed, header, value.WriteAsync);

    /// <inheritdoc cref="WriteWithThriftAsync(ThriftProtocol, bool, TMessage, RandomValue)"/>
    public static async Task<byte[]> WriteWithThriftAsync(ThriftProtocol protocol, bool framed, TMessage header, Func<TProtocol, Task> write)
    {
        var bytes = new TMemoryBufferTransport(new TConfiguration());
        await WriteAsync(CreateThrift(protocol, framed ? new TFramedTransport(bytes) : bytes), header, write);
        return bytes.GetBuffer()[..bytes.Length];
    }

    /// <summary>Writes and sends a message.</summary>
    public static async Task WriteAsync(TProtocol protocol, TMessage header, Func<TProtocol, Task> write)
    {
        await protocol.WriteMessageBeginAsync(header);
        await write(protocol);
        await protocol.WriteMessageEndAsync();
        await protocol.Transport.FlushAsync(CancellationToken.None);
    }

    /// <summary>Reads a message.</summary>
    public static async Task<T> ReadAsync<T>(TProtocol protocol, Func<TProtocol, Task<T>> read)
    {
        await protocol.ReadMessageBeginAsync();
        var value = await read(protocol);
        await protocol.ReadMessageEndAsync();
        return value;
    }

    /// <summary>Reads a reply to the request of a method.</summary>
    public static Task<RandomValue> ReadReplyAsync(CallProtocol protocol, string method, bool binary = false)
        => ReadReplyAsync<RandomValue>(protocol, method, async reply => await RandomValue.ReadStructAsync(reply, binary));

    /// <inheritdoc cref="ReadReplyAsync(CallProtocol, string, bool)"/>
    public static async Task<T> ReadReplyAsync<T>(CallProtocol protocol, string method, Func<TProtocol, Task<T>> read)
    {
        await protocol.WriteMessageBeginAsync(new TMessage(method, TMessageType.Call, 1), CancellationToken.None);
        await protocol.Transport.FlushAsync(CancellationToken.None);
        return await ReadAsync(protocol, read);
    }
}
