namespace ThriftBreaker;

/// <summary>
/// Represents a transport layer with a buffer, which can hold more than the reply that was read from it.
/// </summary>
internal interface IReplyBuffer
{
    /// <summary>
    /// Gets whether the last reply was all that the buffer contained. The remaining bytes would be read as the
    /// beginning of the next reply, and can be a whole message with the next sequence ID. Read only between two calls.
    /// </summary>
    bool IsEmpty { get; }
}
