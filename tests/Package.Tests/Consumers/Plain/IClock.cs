namespace Plain
{
    /// <summary>A service in the words of old languages.</summary>
    [ThriftBreaker.CircuitBreaker]
    public interface IClock
    {
        /// <summary>Asks for the time.</summary>
        int Ask();
    }
}
