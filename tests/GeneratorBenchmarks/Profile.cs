using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using BenchmarkDotNet.Attributes;

namespace ThriftBreaker.GeneratorBenchmarks;

/// <summary>Repeats one benchmark at its largest size for a sampling profiler: see tests/profile.sh.</summary>
internal static class Profile
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    /// <param name="name">The class and method, for example <c>EditorSpeed.Cold</c>.</param>
    public static void Run(string name)
    {
        var parts = name.Split('.');
        var type = Type.GetType($"{nameof(ThriftBreaker)}.{nameof(GeneratorBenchmarks)}.{parts[0]}", throwOnError: true)!;
        var benchmark = type.GetMethod(parts[1]) ?? throw new ArgumentException($"{type} has no method '{parts[1]}'.", nameof(name));
        var setup = type.GetMethods().Single(method => method.GetCustomAttribute<IterationSetupAttribute>()?.Targets.Contains(parts[1]) == true);
        var target = Activator.CreateInstance(type)!;
        type.GetProperty("Size")!.SetValue(target, Size.All.Last());

        var runs = new List<double>();
        for (var all = Stopwatch.StartNew(); all.Elapsed < Duration;)
        {
            setup.Invoke(target, null);
            var before = Environment.CpuUsage.TotalTime;
            benchmark.Invoke(target, null);
            runs.Add((Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
        }

        runs.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {runs[runs.Count / 2]:0} ms of processor time, {runs[0]:0} at best, {runs.Count} runs"));
    }
}
