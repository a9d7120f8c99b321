using System.Diagnostics.Metrics;

namespace ThriftBreaker;

/// <summary>The meter "ThriftBreaker".</summary>
internal static class TelemetryMeter
{
    public static Meter Instance { get; } = new(new MeterOptions(TelemetryNames.Source)
    {
        Version = TelemetryNames.Version,
        TelemetrySchemaUrl = TelemetryNames.SchemaUrl,
    });
}
