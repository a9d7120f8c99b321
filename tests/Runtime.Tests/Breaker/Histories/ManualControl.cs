namespace ThriftBreaker.Runtime.Tests.Breaker.Histories;

/// <summary>Steering by the name of where it leads.</summary>
internal static class ManualControl
{
    public static void Steer(this CircuitBreaker breaker, CircuitState state)
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

    public static void Turn(this CircuitBreaker breaker, CircuitMode mode)
    {
        switch (mode)
        {
            case CircuitMode.Isolated:
                breaker.SetMode(CircuitMode.Isolated);
                break;

            case CircuitMode.Disabled:
                breaker.SetMode(CircuitMode.Disabled);
                break;

            case CircuitMode.ReportOnly:
                breaker.SetMode(CircuitMode.ReportOnly);
                break;

            default:
                breaker.SetMode(CircuitMode.Auto);
                break;
        }
    }
}
