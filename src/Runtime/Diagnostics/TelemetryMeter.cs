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

    /// <summary>Creates an instrument; null as for <see cref="SafeInstrument"/>.</summary>
    public static T? Create<T>(Func<Meter, T> create)
        where T : Instrument
        => SafeInstrument.Create(() => create(Instance));
}
