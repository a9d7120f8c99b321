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

    /// <summary>An instrument of it; null where <see cref="SafeInstrument"/> says so.</summary>
    public static T? Make<T>(Func<Meter, T> make)
        where T : Instrument
        => SafeInstrument.Make(() => make(Instance));
}
