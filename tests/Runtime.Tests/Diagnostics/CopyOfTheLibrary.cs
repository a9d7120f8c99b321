using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.Loader;

namespace ThriftBreaker.Runtime.Tests.Diagnostics;

/// <summary>Another copy of the library, as in a process that has just started: for what it reads only once.</summary>
internal sealed class CopyOfTheLibrary : IDisposable
{
    private readonly Assembly _library =
        new AssemblyLoadContext("A copy", isCollectible: true).LoadFromAssemblyPath(typeof(CircuitBreaker).Assembly.Location);

    public Type Type(string name) => _library.GetType($"ThriftBreaker.{name}", throwOnError: true)!;

    public object? Static(string type, string property) => Type(type).GetProperty(property)!.GetValue(null);

    /// <summary>Otherwise tests would find its instruments besides those of the library.</summary>
    public void Dispose() => ((Meter)Static(nameof(TelemetryMeter), nameof(TelemetryMeter.Instance))!).Dispose();
}
