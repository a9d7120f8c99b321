using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ThriftBreaker.Hosting;

/// <summary>
/// Adds the metrics and traces of circuit breakers and channels to OpenTelemetry. docs/telemetry.md lists the names.
/// </summary>
public static class ThriftBreakerInstrumentationExtensions
{
    private const string Source = "ThriftBreaker";

    /// <summary>Adds the meter: calls, their durations, and the states of circuit breakers.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static MeterProviderBuilder AddThriftBreakerInstrumentation(this MeterProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddMeter(Source);
    }

    /// <summary>
    /// Adds the activity source: a span for each call over a channel. In a web app, add the source
    /// <c>Microsoft.AspNetCore</c> too: a call during a request is sampled as the request is.
    /// </summary>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static TracerProviderBuilder AddThriftBreakerInstrumentation(this TracerProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddSource(Source);
    }
}
