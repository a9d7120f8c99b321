namespace ThriftBreaker;

/// <summary>How a call ended, for a <see cref="CircuitBreakerOptions.OutcomeClassifier"/>.</summary>
/// <param name="Method">The method's name in the contract; empty for calls that have none.</param>
/// <param name="Result">What it returned; null for a method that returns nothing, and for one that threw. Value types are boxed.</param>
/// <param name="Error">What it threw; null when it returned.</param>
/// <param name="Elapsed">How long it took, from admission to its end; zero for a call that was under way when the classifier came.</param>
public readonly record struct CallResult(string Method, object? Result, Exception? Error, TimeSpan Elapsed);
