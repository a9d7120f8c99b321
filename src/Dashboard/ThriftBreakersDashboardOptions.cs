namespace ThriftBreaker.Dashboard;

/// <summary>The settings of the page.</summary>
public sealed class ThriftBreakersDashboardOptions
{
    /// <summary>
    /// Whether circuits can be steered from the page: opened, closed, isolated … Default false: the page only shows. It wants an
    /// <see cref="OperationsPolicy"/>.
    /// </summary>
    public bool Operations { get; set; }

    /// <summary>
    /// The authorization policy that whoever steers a circuit must meet; default null. The page itself is open to whom the app lets in: protect
    /// it with <c>MapThriftBreakers(…).RequireAuthorization(…)</c>.
    /// </summary>
    public string? OperationsPolicy { get; set; }
}
