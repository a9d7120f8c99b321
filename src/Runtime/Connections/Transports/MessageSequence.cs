using System.Globalization;
using System.Text;
using Thrift.Protocol;
using Thrift.Protocol.Entities;

namespace ThriftBreaker;

/// <summary>
/// Sets the sequence IDs of requests, and rejects a message that is not the reply to the request. Thrift's client sets
/// sequence IDs and never compares them. After a surplus reply on a connection, every later call would return the reply
/// of the call before. Servers send one if they reply twice, or to a oneway method that they do not know.
/// </summary>
/// <remarks>
/// <para>
/// Each reply gets the sequence ID of the client back: several clients use one connection in turn, for example one that
/// logs in and those of the calls, and each starts at 1.
/// </para>
/// <para>
/// The service name, which servers of several services require, is added before the method name. Names that have one
/// already are not changed, so that <see cref="ThriftChannelOptions.OnConnected"/> can call another service through
/// TMultiplexedProtocol.
/// </para>
/// </remarks>
/// <param name="service">The service name; null for a server of one service.</param>
internal struct MessageSequence(string? service)
{
    /// <summary>The longest name of another service before the method's, in bytes.</summary>
    private const int MaxNameLength = 1_024;

    /// <summary>The longest name in a message, in characters.</summary>
    private const int MaxShownLength = 64;

    private TMessage _request;
    private string? _method;
    private string? _methodOfService;
    private int _sequenceId;

    /// <summary>Gets the message header to send for a request.</summary>
    public TMessage Begin(TMessage request)
    {
        _request = request;
        return new TMessage(service is null ? request.Name : GetMethodOfService(request.Name, service), request.Type, ++_sequenceId);
    }

    /// <summary>
    /// Gets the name in a reply, which usually is that of the request. A very long one, which is not, is shortened.
    /// </summary>
    public readonly string GetName(ReadOnlySpan<byte> name) => Ascii.Equals(name, _request.Name) ? _request.Name
        : Encoding.UTF8.GetString(name.Length > MaxNameLength + (3 * _request.Name.Length) ? name[..MaxNameLength] : name);

    /// <summary>Gets the message header of a reply for the client.</summary>
    /// <exception cref="TProtocolException">The message is not the reply to the request.</exception>
    public readonly TMessage Match(TMessage reply)
        => GetMismatch(reply) is { } mismatch
            ? throw new TProtocolException(TProtocolException.INVALID_DATA, mismatch)
            : new TMessage(reply.Name, reply.Type, _request.SeqID);

    private readonly string? GetMismatch(TMessage reply)
    {
        if (reply.SeqID != _sequenceId)
        {
            return string.Create(CultureInfo.InvariantCulture, $"The reply '{Show(reply.Name)}' answers request {reply.SeqID}, but request {_sequenceId} was sent: the server sent a surplus reply");
        }

        return reply.Type switch
        {
            // A server that cannot read the request does not know its method.
            TMessageType.Exception => null,
            TMessageType.Reply when GetMethod(reply.Name).SequenceEqual(GetMethod(_request.Name)) => null,
            TMessageType.Reply => $"The reply is for '{Show(reply.Name)}', but '{_request.Name}' was called",
            _ => $"The message is not a reply: its type is {reply.Type}",
        };
    }

    /// <summary>
    /// Some servers of several services reply with the service name before the method name, and some without.
    /// </summary>
    private static ReadOnlySpan<char> GetMethod(string name) => name.AsSpan(name.LastIndexOf(TMultiplexedProtocol.Separator, StringComparison.Ordinal) + 1);

    private static string Show(string name) => LogText.Escape(name.Length > MaxShownLength ? $"{name.AsSpan(0, MaxShownLength)}…" : name);

    private string GetMethodOfService(string method, string service)
    {
        if (_methodOfService is null || !string.Equals(method, _method, StringComparison.Ordinal))
        {
            _method = method;
            _methodOfService = method.Contains(TMultiplexedProtocol.Separator, StringComparison.Ordinal) ? method : service + TMultiplexedProtocol.Separator + method;
        }

        return _methodOfService;
    }
}
