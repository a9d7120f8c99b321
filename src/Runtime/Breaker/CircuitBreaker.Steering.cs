namespace ThriftBreaker;

// By hand.
public sealed partial class CircuitBreaker
{
    /// <summary>
    /// Opens the circuit from any state; it times out like any open circuit. Opening an open circuit starts its reset timeout
    /// again, and is no change of state.
    /// </summary>
    /// <remarks>Calls that are under way lose their say: their outcome changes nothing any more. So with each of the three.</remarks>
    public void Open() => Steer(CircuitState.Open);

    /// <summary>Closes the circuit from any state and clears the failure count.</summary>
    public void Close() => Steer(CircuitState.Closed);

    /// <summary>Lets the next call probe, from any state. A probe under way is given up, and successes count from zero.</summary>
    public void HalfOpen() => Steer(CircuitState.HalfOpen);

    private void Steer(CircuitState to)
    {
        CircuitWord word, next;
        do
        {
            word = Word;
            next = word.Next(to, to == CircuitState.Closed ? 0 : word.Failures);
        }
        while (!TryMove(word, next, PeriodFor(next, _clock.Now), CircuitChangeReason.ByHand));
    }
}
