namespace ThriftBreaker;

/// <summary>A layer that reads replies ahead of who asks for them.</summary>
internal interface IReplyBuffer
{
    /// <summary>
    /// Whether the last reply was all that it has read. What is left would be taken for the beginning of the next one, and may be a whole
    /// message with the next request's number. Asked only between two calls.
    /// </summary>
    bool IsEmpty { get; }
}
