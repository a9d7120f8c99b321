namespace ThriftBreaker;

/// <summary>Represents the end of a call, for a <see cref="CircuitBreakerOptions.OutcomeClassifier"/>.</summary>
/// <param name="Method">The method's name in the contract; empty for calls without a contract.</param>
/// <param name="Result">
/// The result; null for a method that returns nothing, and for one that threw. Value types are boxed.
/// </param>
/// <param name="Exception">The exception; null if the call returned.</param>
/// <param name="Elapsed">
/// The duration, from admission to the end; zero for a call that was in flight when the classifier was set.
/// </param>
public readonly record struct CallResult(string Method, object? Result, Exception? Exception, TimeSpan Elapsed);
