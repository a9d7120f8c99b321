namespace ThriftBreaker.Generator.Model;

/// <summary>One method of a service.</summary>
/// <param name="Name">Its name, without the <c>@</c> of a keyword.</param>
/// <param name="NameInContract">
/// Its name in the contract, which the option <c>async_postfix</c> of the Thrift compiler does not change.
/// </param>
/// <param name="DescriptionField">
/// The name of the field that describes it: the method's own, with a number for overloads.
/// </param>
/// <param name="DeclaringInterface">The interface that declares it, to call it through where names collide.</param>
/// <param name="Returns">The shape of what it returns.</param>
/// <param name="ReturnModifier"><c>ref </c>, <c>ref readonly </c> or nothing.</param>
/// <param name="ReturnType">The whole return type.</param>
/// <param name="ResultType">
/// What the task, value task or stream holds, or what a synchronous method returns; null for none, and for a type that
/// cannot be a type argument.
/// </param>
/// <param name="IsClassifiedAsObject">
/// Whether its result has a type that cannot be a type argument, or would be bound at run time.
/// </param>
/// <param name="TypeParameters">Its type parameters.</param>
/// <param name="Constraints">The constraints of the type parameters, as the generated method must state them.</param>
/// <param name="Parameters">Its parameters.</param>
/// <param name="Oneway">Whether the server sends no reply.</param>
/// <param name="Throws">The exceptions that the contract declares; null where no contract was found.</param>
/// <param name="Idempotent">Whether the server may get the same call twice.</param>
/// <param name="CallTimeout">How many seconds a call may take; null for the timeout of the channel.</param>
/// <param name="Explicit">Whether it can only be an explicit implementation, because its name is taken.</param>
/// <param name="CircuitBreakerIndex">
/// The index of its circuit breaker: 0 for none, 1 for that of the service, more for one of the method.
/// </param>
/// <param name="HasAnnotations">Whether its types are annotated for null; null if it makes no difference.</param>
/// <param name="Attributes">The attributes to repeat, one by one.</param>
internal sealed record MethodModel(
    string Name,
    string NameInContract,
    string DescriptionField,
    string DeclaringInterface,
    ReturnShape Returns,
    string ReturnModifier,
    string ReturnType,
    string? ResultType,
    bool IsClassifiedAsObject,
    EquatableArray<TypeParameterModel> TypeParameters,
    string Constraints,
    EquatableArray<ParameterModel> Parameters,
    bool Oneway,
    EquatableArray<string>? Throws,
    bool Idempotent,
    double? CallTimeout,
    bool Explicit,
    int CircuitBreakerIndex,
    bool? HasAnnotations,
    EquatableArray<string> Attributes)
{
    /// <summary>
    /// The last parameter that is a cancellation token: its cancellation is the caller's. Null for a method without
    /// one.
    /// </summary>
    public ParameterModel? CancellationToken => Parameters.LastOrDefault(static parameter => parameter.IsCancellationToken && parameter.Passing != ArgumentPassing.Out);

    /// <summary>Whether a Thrift client could have the method: a task of plain values.</summary>
    public bool IsPlainCall => Returns == ReturnShape.Task && TypeParameters.Count == 0 && Parameters.All(static parameter => parameter.IsPlainValue);

    /// <summary>
    /// Whether a static lambda can carry the call: not with references or ref structs, nor with a result that cannot be
    /// a type argument or would be bound at run time. Attributes for flow analysis apply to the method, and the
    /// compiler does not look into a lambda.
    /// </summary>
    public bool FitsLambda => Returns == ReturnShape.Stream ||
        (ReturnModifier.Length == 0 &&
            !(Returns == ReturnShape.Value && (ResultType is null || IsClassifiedAsObject)) &&
            Parameters.All(static parameter => parameter.FitsLambda) &&
            !Attributes.Any(static attribute => attribute.EndsWith(".DoesNotReturn]", StringComparison.Ordinal)));
}

/// <summary>The ways in which a method returns its result.</summary>
internal enum ReturnShape
{
    /// <summary>Nothing, at once.</summary>
    Void,

    /// <summary>A value, at once.</summary>
    Value,

    /// <summary>A <c>Task</c>, with or without a result.</summary>
    Task,

    /// <summary>A <c>ValueTask</c>, with or without a result.</summary>
    ValueTask,

    /// <summary>An <c>IAsyncEnumerable</c>: the call is the reading of it.</summary>
    Stream,
}

/// <summary>One type parameter of a method.</summary>
/// <param name="Name">Its name, without the <c>@</c> of a keyword.</param>
/// <param name="Attributes">The attributes to repeat, with a space after each.</param>
internal sealed record TypeParameterModel(string Name, string Attributes);
