using System.Diagnostics.Metrics;

namespace ThriftBreaker.Runtime.Tests.Diagnostics;

/// <summary>Records the measurements of one circuit breaker by the meter "ThriftBreaker".</summary>
internal sealed class MeterRecorder : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly string _circuit;

    /// <summary>Starts recording.</summary>
    /// <param name="circuit">The name of the circuit breaker.</param>
    /// <param name="instruments">The instruments to record; none for all.</param>
    public MeterRecorder(string circuit, params string[] instruments)
    {
        _circuit = circuit;
        _listener.InstrumentPublished = (published, listener) =>
        {
            if (published.Meter.Name == "ThriftBreaker" && (instruments.Length == 0 || instruments.Contains(published.Name)))
            {
                listener.EnableMeasurementEvents(published);
            }
        };
        _listener.SetMeasurementEventCallback<int>((from, value, tags, _) => Keep(from, value, tags));
        _listener.SetMeasurementEventCallback<long>((from, value, tags, _) => Keep(from, value, tags));
        _listener.SetMeasurementEventCallback<double>((from, value, tags, _) => Keep(from, value, tags));
        _listener.Start();
    }

    public List<Measured> All { get; } = [];

    public IEnumerable<Measured> Get(string instrument) => All.Where(measured => measured.Instrument == instrument);

    /// <summary>Collects the observable instruments, as an exporter does.</summary>
    public void Collect() => _listener.RecordObservableInstruments();

    public void Dispose() => _listener.Dispose();

    private void Keep(Instrument from, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags)
        {
            if (tag is { Key: "thriftbreaker.circuit_breaker.name", Value: string name } && name == _circuit)
            {
                All.Add(new Measured(from.Name, value, string.Join(' ', tags.ToArray().Where(static tag => tag.Value is not "" && tag.Key != "thriftbreaker.circuit_breaker.name").Select(static tag => $"{tag.Key}={tag.Value}"))));
            }
        }
    }
}

/// <summary>One measurement; its tags, without the name of the circuit breaker, as text.</summary>
internal sealed record Measured(string Instrument, double Value, string Tags);
