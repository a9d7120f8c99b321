namespace ThriftBreaker.Runtime.Tests.Breaker.Histories;

/// <summary>Manual transitions by the resulting state.</summary>
internal static class ManualControl
{
    public static void SetState(this CircuitBreaker breaker, CircuitState state)
    {
        switch (state)
        {
            case CircuitState.Open:
                breaker.Open();
                break;

            case CircuitState.HalfOpen:
                breaker.HalfOpen();
                break;

            default:
                breaker.Close();
                break;
        }
    }
}
