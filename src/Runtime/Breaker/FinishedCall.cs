namespace ThriftBreaker;

/// <summary>One call that was admitted and has its verdict, as <see cref="CircuitBreaker.CallFinished"/> reports it.</summary>
/// <param name="BreakerName">The circuit's name.</param>
/// <param name="Outcome">What it said about the service.</param>
/// <param name="Elapsed">How long it took, from admission to verdict; zero for one that started before anybody listened.</param>
/// <param name="Failure">For a failure: the exception.</param>
/// <param name="WasProbe">Whether it was a probe.</param>
public sealed record FinishedCall(string BreakerName, CallOutcome Outcome, TimeSpan Elapsed, Exception? Failure, bool WasProbe);
