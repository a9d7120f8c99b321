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

    /// <summary>
    /// Makes an instrument of it; null where a listener threw when it was told. A listener is a guest: the process goes on without the instrument,
    /// where it would otherwise have no circuit at all any more.
    /// </summary>
    public static T? Make<T>(Func<Meter, T> make)
        where T : Instrument
    {
        try
        {
            return make(Instance);
        }
#pragma warning disable CA1031 // Whatever it throws.
        catch (Exception)
#pragma warning restore CA1031
        {
            // There is no circuit here to report it to.
            return null;
        }
    }
}
