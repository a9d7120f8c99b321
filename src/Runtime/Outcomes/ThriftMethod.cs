using System.ComponentModel;

namespace ThriftBreaker;

/// <summary>Represents one method of a Thrift contract. Created by generated code.</summary>
/// <param name="name">The method's name in the contract.</param>
/// <param name="throws">
/// The exceptions that the contract declares for the method; null if there is no contract.
/// </param>
public sealed class ThriftMethod(string name, params Type[]? throws)
{
    private string? _service;

    /// <summary>Gets the method's name in the contract.</summary>
    public string Name { get; } = name ?? throw new ArgumentNullException(nameof(name));

    /// <summary>Gets the name of the service in the contract; null if it is not known.</summary>
    public string? Service
    {
        get => _service;
        init => _service = value;
    }

    /// <summary>
    /// Gets a value that indicates whether the server sends no reply: a success then only means that the request was
    /// sent.
    /// </summary>
    public bool Oneway { get; init; }

    /// <summary>
    /// Gets a value that indicates whether the method's circuit breaker protects oneway methods only. Then a sent
    /// request counts as a success: nothing better will come, and the circuit would never close again.
    /// </summary>
    public bool OnewayOnly { get; init; }

    /// <summary>Gets a value that indicates whether a call that returned counts as a success.</summary>
    internal bool ReturnIsSuccess => !Oneway || OnewayOnly;

    /// <summary>
    /// Gets the exceptions that the contract declares for the method. Null if there is no contract: then every
    /// exception that is a Thrift struct counts as declared.
    /// </summary>
    public IReadOnlyList<Type>? Throws { get; init; } = throws;

    /// <summary>
    /// Gets a value that indicates whether the server may get a call twice without harm. Then a call is repeated once
    /// if its connection turns out to be dead and nothing of an answer has arrived.
    /// </summary>
    public bool Idempotent { get; init; }

    /// <summary>
    /// Gets the index of the method's circuit breaker in the client: 0 for none, 1, the default, for that of the
    /// service, 2 and more for those of single methods.
    /// </summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public int CircuitBreakerIndex { get; init; } = 1;

    /// <summary>
    /// Gets the method's name in the service's interface, by which callers name it. The default is <see cref="Name"/>.
    /// </summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public string MemberName
    {
        get => field ?? Name;
        init;
    }

    /// <summary>Gets the time that a call of the method may take; null for the call timeout of the channel.</summary>
    public TimeSpan? CallTimeout { get; init; }

    /// <summary>Gets the names of the service, if it is known, and of the method: <c>Calculator/add</c>.</summary>
    public string QualifiedName => field ??= Service is null ? Name : $"{Service}/{Name}";

    /// <summary>Sets the name of the service. Once for each method, before the first call.</summary>
    internal void BelongTo(string service) => _service ??= service;

    /// <summary>
    /// Classifies an exception by the rules that apply if the options of the circuit breaker set nothing else.
    /// </summary>
    /// <param name="error">The exception of a call of this method.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>The outcome; for a rejection, <see cref="CallOutcome.Ignored"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="error"/> is null.</exception>
    public CallOutcome OutcomeOf(Exception error, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(error);
        return OutcomeRules.ClassifyException(error, this, cancellationToken);
    }
}
