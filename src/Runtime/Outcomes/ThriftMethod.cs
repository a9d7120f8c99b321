using System.ComponentModel;

namespace ThriftBreaker;

/// <summary>What the contract says about one method, as the compiler read it. Written by generated code.</summary>
/// <param name="name">The method's name in the contract.</param>
public sealed class ThriftMethod(string name)
{
    /// <summary>Initializes a method whose contract is known.</summary>
    /// <param name="name">The method's name in the contract.</param>
    /// <param name="service">The name of the service in the contract.</param>
    /// <param name="throws">The exceptions that the contract declares for the method.</param>
    public ThriftMethod(string name, string service, params Type[] throws)
        : this(name)
        => (Service, Throws) = (service, throws);

    /// <summary>The method's name in the contract.</summary>
    public string Name { get; } = name ?? throw new ArgumentNullException(nameof(name));

    /// <summary>The name of the service in the contract; null where none is known.</summary>
    public string? Service { get; init; }

    /// <summary>Whether the server sends no reply: then a success is a request that went out, and no sign of life.</summary>
    public bool Oneway { get; init; }

    /// <summary>
    /// Whether the method's circuit guards oneway methods alone. There will never be a better sign of life than a request that went out, and
    /// a circuit that waits for one would never close again.
    /// </summary>
    public bool OnewayOnly { get; init; }

    /// <summary>Whether a call that returned vouches for the service.</summary>
    internal bool Vouches => !Oneway || OnewayOnly;

    /// <summary>
    /// The exceptions that the contract declares for the method. Null where no contract could be read: then whatever looks
    /// like a declared exception is taken for one.
    /// </summary>
    public IReadOnlyList<Type>? Throws { get; init; }

    /// <summary>
    /// Whether the server may get the same call twice without harm: then a call whose connection turns out to be dead, and of whose answer
    /// nothing has come, is made once more.
    /// </summary>
    public bool Idempotent { get; init; }

    /// <summary>
    /// Gets the index of the method's circuit breaker in the client: 0 for none, 1, the default, for that of the service, 2 and more for those of
    /// single methods.
    /// </summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public int CircuitBreakerIndex { get; init; } = 1;

    /// <summary>Gets the method's name in the service's interface, by which callers name it. The default is <see cref="Name"/>.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public string MemberName
    {
        get => field ?? Name;
        init;
    }

    /// <summary>How long a call of the method may take, where it is not what the channel allows.</summary>
    public TimeSpan? CallTimeout { get; init; }

    /// <summary>The method's name with the service's before it, as far as it is known: <c>Calculator/add</c>.</summary>
    public string QualifiedName => field ??= Service is null ? Name : $"{Service}/{Name}";

    /// <summary>What an exception says about the service, by the rules that hold for a circuit where its settings say nothing else.</summary>
    /// <param name="error">What a call of the method has thrown.</param>
    /// <param name="cancellationToken">The token that its caller handed in.</param>
    /// <returns>The verdict; on a rejection, <see cref="CallOutcome.Ignored"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="error"/> is null.</exception>
    public CallOutcome OutcomeOf(Exception error, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(error);
        return OutcomeRules.OfException(error, this, cancellationToken);
    }
}
