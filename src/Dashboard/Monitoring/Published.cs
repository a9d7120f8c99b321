namespace ThriftBreaker.Dashboard.Monitoring;

/// <summary>
/// Holds a part of the messages to viewers, and its bytes from the first message on: all viewers share them.
/// Thread-safe.
/// </summary>
/// <param name="value">The part.</param>
/// <param name="number">
/// The position among all parts: a viewer that has seen them up to a number lacks those with higher numbers.
/// </param>
internal sealed class Published<T>(T value, long number)
{
    private byte[]? _bytes;

    public T Value { get; } = value;

    public long Number { get; } = number;

    /// <summary>
    /// Returns the bytes. Two threads can serialize the part at the same time; both results are equal.
    /// </summary>
    public ReadOnlyMemory<byte> GetBytes(Func<T, byte[]> serialize)
        => Volatile.Read(ref _bytes) ?? (_bytes = serialize(Value));
}
