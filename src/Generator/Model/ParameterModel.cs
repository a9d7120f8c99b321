namespace ThriftBreaker.Generator.Model;

/// <summary>One parameter of a method or an indexer.</summary>
/// <param name="Name">Its name, without the <c>@</c> of a keyword.</param>
/// <param name="Type">Its type.</param>
/// <param name="Passing">How the argument travels.</param>
/// <param name="Modifiers"><c>params </c>, <c>scoped ref </c> … or nothing.</param>
/// <param name="Default">Its default value as text; null for none.</param>
/// <param name="Kind">What has to be known of its type.</param>
/// <param name="Attributes">
/// The attributes to repeat, and those of a default value that C# has no other text for, with a space after each.
/// </param>
internal sealed record ParameterModel(
    string Name, string Type, ArgumentPassing Passing, string Modifiers, string? Default, ParameterKind Kind, string Attributes)
{
    public bool IsCancellationToken => Kind is ParameterKind.CancellationToken or ParameterKind.NullableCancellationToken;

    /// <summary>Whether the argument could be one of a Thrift client, and is not bound at run time.</summary>
    public bool IsPlainValue => Passing == ArgumentPassing.Value && (Kind == ParameterKind.Other || IsCancellationToken);

    /// <summary>
    /// Whether a lambda can carry the argument, and the method promises nothing about it that the compiler checks.
    /// </summary>
    public bool FitsLambda => Passing == ArgumentPassing.Value && Kind != ParameterKind.RefLike &&
        !Attributes.Contains(".NotNull] ") && !Attributes.Contains(".DoesNotReturnIf(");
}

/// <summary>How an argument travels to the method.</summary>
internal enum ArgumentPassing
{
    /// <summary>As a copy.</summary>
    Value,

    /// <summary>As <c>in</c> or <c>ref readonly</c>: by a read-only reference.</summary>
    In,

    /// <summary>By reference.</summary>
    Ref,

    /// <summary>By a reference that the method must write to.</summary>
    Out,
}

/// <summary>What is special about a parameter's type.</summary>
internal enum ParameterKind
{
    /// <summary>Nothing.</summary>
    Other,

    /// <summary>A cancellation token.</summary>
    CancellationToken,

    /// <summary>A cancellation token or null.</summary>
    NullableCancellationToken,

    /// <summary>
    /// <c>dynamic</c>: as an argument it would be bound at run time, unless it is called an <c>object</c>.
    /// </summary>
    Dynamic,

    /// <summary>A span and its like, which live on the stack.</summary>
    RefLike,

    /// <summary>
    /// An interface that asks for static members: no type argument, it travels as the <c>object</c> that it is.
    /// </summary>
    WithStaticMembers,
}
