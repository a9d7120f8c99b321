namespace ThriftBreaker;

/// <summary>Represents the result of a call that has none. Classifiers get null in its place.</summary>
internal sealed class NoResult
{
    public static readonly NoResult Instance = new();

    private NoResult()
    {
    }
}
