using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;

namespace ThriftBreaker.Runtime.Tests.Diagnostics;

/// <summary>Listeners that throw when an instrument or source is published, which happens once in a process.</summary>
[Collection(nameof(Listening))]
public sealed class BrokenListenerTests
{
    [Fact]
    public void ListenerThrows_CircuitBreakersWorkWithoutInstruments()
    {
        var isBroken = false;
        var refused = new List<string>();
        using var measurements = new MeterListener { InstrumentPublished = (instrument, _) => Refuse(instrument.Meter.Name) };
        using var traces = new ActivityListener { ShouldListenTo = source => Refuse(source.Name) };
        measurements.Start();
        ActivitySource.AddActivityListener(traces);
        using var copy = new CopyOfTheLibrary();
        isBroken = true;
        try
        {
            var calls = 0;
            var circuit = Activator.CreateInstance(copy.Type(nameof(CircuitBreaker)))!;
            var execute = copy.Type(nameof(CircuitBreakerExtensions)).GetMethod(nameof(CircuitBreakerExtensions.Execute), [circuit.GetType(), typeof(Action)])!;
            void Call() => execute.Invoke(null, [circuit, (Action)(() => calls++)]);

            Call();
            circuit.GetType().GetMethod(nameof(CircuitBreaker.Open))!.Invoke(circuit, null);
            var rejection = Assert.Throws<TargetInvocationException>(Call);

            Assert.Equal(nameof(CircuitOpenException), rejection.InnerException?.GetType().Name);
            Assert.Equal(1, calls);
            Assert.Equal(7, refused.Count);
        }
        finally
        {
            isBroken = false;
        }

        bool Refuse(string name)
        {
            if (isBroken && name == TelemetryNames.Source)
            {
                refused.Add(name);
                throw new NotSupportedException("a broken handler");
            }

            return false;
        }
    }
}
