namespace ThriftBreaker.Generator.Model;

/// <summary>
/// A member that is no call to a server, and goes to the inner object as it is: a property, an indexer or an event.
/// </summary>
/// <param name="Kind">Which of the three it is.</param>
/// <param name="Name">Its name, without the <c>@</c> of a keyword.</param>
/// <param name="DeclaringInterface">The interface that declares it.</param>
/// <param name="Type">Its type, with <c>ref </c> or <c>ref readonly </c> before it.</param>
/// <param name="Parameters">The parameters of an indexer.</param>
/// <param name="Getter">
/// The attributes of its getter, with a space after each; null where it has none that a class must implement.
/// </param>
/// <param name="Setter">The same of its setter.</param>
/// <param name="Explicit">Whether it can only be an explicit implementation.</param>
/// <param name="HasAnnotations">Whether its types are annotated for null; null if it makes no difference.</param>
/// <param name="Attributes">The attributes to repeat, one by one.</param>
internal sealed record ForwardedModel(
    ForwardedKind Kind,
    string Name,
    string DeclaringInterface,
    string Type,
    EquatableArray<ParameterModel> Parameters,
    string? Getter,
    string? Setter,
    bool Explicit,
    bool? HasAnnotations,
    EquatableArray<string> Attributes);

/// <summary>The members that are no methods.</summary>
internal enum ForwardedKind
{
    Property,
    Indexer,
    Event,
}
