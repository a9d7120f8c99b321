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
    /// Gets or sets the most viewers of the page at the same time: browsers, because the tabs of one share a stream.
    /// The same number of requests of the API is served at the same time. Further ones are refused with status 503 and
    /// <c>Retry-After</c>. The default is 100, the minimum 1. A viewer takes about 100 KB.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxViewers
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    }
    = 100;

    /// <summary>
    /// Gets or sets the name of the authorization policy for operations. The default is null. The policy does not
    /// protect the page itself: use <c>MapThriftBreakers(…).RequireAuthorization(…)</c>.
    /// </summary>
    public string? OperationsPolicy { get; set; }
}
