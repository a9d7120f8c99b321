namespace Plain
{
    /// <summary>A service in the syntax of old language versions.</summary>
    [ThriftBreaker.CircuitBreaker]
    public interface IClock
    {
        /// <summary>Gets the time.</summary>
        int Ask();
    }
}
