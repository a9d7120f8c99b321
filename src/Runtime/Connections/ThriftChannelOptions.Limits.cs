using Thrift;

namespace ThriftBreaker;

// How large messages may be.
public sealed partial record ThriftChannelOptions
{
    private const int LeastSize = 1_024;

    /// <summary>
    /// How large a reply may be, in bytes: 1,024 to 2,147,483,647; default 104,857,600 (100 MiB), as Thrift has it. One that is larger fails
    /// with a TTransportException of the type MessageSizeLimit, and its connection is closed.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxMessageSize
    {
        get;
        init => field = Between(LeastSize, value, int.MaxValue);
    } = TConfiguration.DEFAULT_MAX_MESSAGE_SIZE;

    /// <summary>
    /// How large a frame of a reply may be, in bytes, where the transport is <see cref="ThriftTransport.Framed"/>: 1,024 to 2,147,483,647;
    /// default 16,384,000, as Thrift has it. One that is larger fails with a TTransportException, and its connection is closed.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxFrameSize
    {
        get;
        init => field = Between(LeastSize, value, int.MaxValue);
    } = TConfiguration.DEFAULT_MAX_FRAME_SIZE;

    /// <summary>As Thrift wants them, for one connection.</summary>
    internal TConfiguration Limits => new() { MaxMessageSize = MaxMessageSize, MaxFrameSize = MaxFrameSize };
}
