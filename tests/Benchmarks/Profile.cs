using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace ThriftBreaker.Benchmarks;

/// <summary>Runs one benchmark repeatedly for a sampling profiler: see tests/profile.sh.</summary>
internal static class Profile
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(15);

    /// <param name="name">The class and the method: <c>FaultedCalls.ThriftBreaker</c>.</param>
    public static async Task RunAsync(string name)
    {
        var parts = name.Split('.');
        var type = Type.GetType($"{nameof(ThriftBreaker)}.{nameof(Benchmarks)}.{parts[0]}", throwOnError: true)!;
        var method = type.GetMethod(parts[1]) ?? throw new ArgumentException($"{type} has no method '{parts[1]}'.", nameof(name));
        var run = CreateCall(method, Activator.CreateInstance(type)!);

        var calls = 0L;
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < Duration)
        {
            for (var call = 0; call < 100; call++)
            {
                await run();
            }

            calls += 100;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {watch.Elapsed.TotalMicroseconds / calls:0.000} µs per call"));
    }

    private static Func<Task> CreateCall(MethodInfo method, object target)
    {
        if (typeof(Task).IsAssignableFrom(method.ReturnType))
        {
            return method.CreateDelegate<Func<Task>>(target);
        }

        return (Func<Task>)typeof(Profile)
            .GetMethod(method.ReturnType == typeof(void) ? nameof(FromAction) : nameof(FromFunction), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(method.ReturnType == typeof(void) ? typeof(int) : method.ReturnType)
            .Invoke(null, [method, target])!;
    }

    private static Func<Task> FromAction<T>(MethodInfo method, object target)
    {
        var run = method.CreateDelegate<Action>(target);
        return () =>
        {
            run();
            return Task.CompletedTask;
        };
    }

    private static Func<Task> FromFunction<T>(MethodInfo method, object target)
    {
        var run = method.CreateDelegate<Func<T>>(target);
        return () =>
        {
            _ = run();
            return Task.CompletedTask;
        };
    }
}
