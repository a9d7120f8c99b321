namespace ThriftBreaker.Generator.Model;

/// <summary>
/// The parts of a client that need a type which the project cannot name: two of its references declare it. Libraries
/// brought such types to frameworks that did not have them.
/// </summary>
[Flags]
internal enum OmittedParts
{
    /// <summary>The client has all parts.</summary>
    None = 0,

    /// <summary>The attribute <c>[GeneratedCode]</c>.</summary>
    GeneratedCode = 1,

    /// <summary>The attribute <c>[ExcludeFromCodeCoverage]</c>.</summary>
    ExcludeFromCodeCoverage = 2,

    /// <summary>The interface <c>IAsyncDisposable</c> and its method, which returns a <c>ValueTask</c>.</summary>
    AsyncDisposal = 4,
}
