using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.Loader;

namespace ThriftBreaker.Runtime.Tests.Telemetry;

/// <summary>The library once more, as a process has it that has just started: for what it looks at only then.</summary>
internal sealed class CopyOfTheLibrary : IDisposable
{
    private readonly Assembly _library =
        new AssemblyLoadContext("A copy", isCollectible: true).LoadFromAssemblyPath(typeof(CircuitBreaker).Assembly.Location);

    public Type Type(string name) => _library.GetType($"ThriftBreaker.{name}", throwOnError: true)!;

    public object? Static(string type, string property) => Type(type).GetProperty(property)!.GetValue(null);

    /// <summary>Its instruments would be taken for the library's.</summary>
    public void Dispose() => ((Meter)Static(nameof(TelemetryMeter), nameof(TelemetryMeter.Instance))!).Dispose();
}
