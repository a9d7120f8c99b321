namespace ThriftBreaker.Dashboard;

/// <summary>Provides the options of the page.</summary>
public sealed class ThriftBreakersDashboardOptions
{
    /// <summary>
    /// Gets or sets a value indicating whether the page can control circuit breakers: open, close or isolate them, for
    /// example. The default is false: the page is read-only. True requires an <see cref="OperationsPolicy"/>.
    /// </summary>
    public bool Operations { get; set; }

    /// <summary>
    /// Gets or sets the name of the authorization policy for operations. The default is null. The policy does not
    /// protect the page itself: use <c>MapThriftBreakers(…).RequireAuthorization(…)</c>.
    /// </summary>
    public string? OperationsPolicy { get; set; }
}
