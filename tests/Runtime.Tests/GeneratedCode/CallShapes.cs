using ThriftBreaker.GeneratedCode;

namespace ThriftBreaker.Runtime.Tests.GeneratedCode;

/// <summary>
/// Calls of an invoker as generated code makes them: for every shape of result and number of arguments.
/// </summary>
internal static class CallShapes
{
    /// <summary>The methods that return a task, which can be called over a channel and a pipeline as well.</summary>
    public static readonly Dictionary<string, (string Arguments, CallOfShape Call)> OfTasks = new()
    {
        ["Task<T>, no argument"] = ("", static (calls, method, token) => calls.CallAsync(method, 0, static (service, _, token) => service.RunAsync("", token), token)),
        ["Task<T>, 1 argument"] = ("1", static (calls, method, token) => calls.CallAsync(method, 1, static (service, a, token) => service.RunAsync($"{a}", token), token)),
        ["Task<T>, 2 arguments"] = ("1 b", static (calls, method, token) => calls.CallAsync(method, 1, "b", static (service, a, b, token) => service.RunAsync($"{a} {b}", token), token)),
        ["Task<T>, 3 arguments"] = ("1 b 3", static (calls, method, token) => calls.CallAsync(method, 1, "b", 3L, static (service, a, b, c, token) => service.RunAsync($"{a} {b} {c}", token), token)),
        ["Task<T>, 4 arguments"] = ("1 b 3 d", static (calls, method, token) => calls.CallAsync(method, (1, "b", 3L, 'd'), static (service, state, token) => service.RunAsync($"{state.Item1} {state.Item2} {state.Item3} {state.Item4}", token), token)),
        ["Task, 1 argument"] = ("1", static (calls, method, token) => WithAnswer(calls.CallAsync(method, 1, static (service, a, token) => (Task)service.RunAsync($"{a}", token), token))),
        ["Task, 2 arguments"] = ("1 b", static (calls, method, token) => WithAnswer(calls.CallAsync(method, 1, "b", static (service, a, b, token) => (Task)service.RunAsync($"{a} {b}", token), token))),
        ["Task, 3 arguments"] = ("1 b 3", static (calls, method, token) => WithAnswer(calls.CallAsync(method, 1, "b", 3L, static (service, a, b, c, token) => (Task)service.RunAsync($"{a} {b} {c}", token), token))),
    };

    /// <summary>The methods that only an inner client can have.</summary>
    public static readonly Dictionary<string, (string Arguments, CallOfShape Call)> OfInnerClients = new()
    {
        ["ValueTask<T>"] = ("1", static async (calls, method, token) => await calls.CallValueAsync(method, 1, static (service, a, token) => new ValueTask<int>(service.RunAsync($"{a}", token)), token)),
        ["ValueTask"] = ("1", static (calls, method, token) => WithAnswer(calls.CallValueAsync(method, 1, static (service, a, token) => new ValueTask(service.RunAsync($"{a}", token)), token).AsTask())),
        ["value"] = ("1", static (calls, method, token) => Task.Run(() => calls.Call(method, 1, static (service, a, token) => service.RunAsync($"{a}", token).GetAwaiter().GetResult(), token))),
        ["void"] = ("1", static (calls, method, token) => WithAnswer(Task.Run(() => calls.Call(method, 1, static (service, a, token) => { _ = service.RunAsync($"{a}", token).GetAwaiter().GetResult(); }, token)))),
        ["stream"] = ("1", static async (calls, method, token) => await calls.Enumerate(method, 1, static (service, a, token) => service.EnumerateAsync($"{a}", token), token).SingleAsync(token)),
        ["explicit value"] = ("1", static (calls, method, token) => Task.Run(() => CallValue(calls, method, 1, token))),
        ["explicit task"] = ("1", static (calls, method, token) => CallTask(calls, method, 1, token)),
        ["explicit value task"] = ("1", static async (calls, method, token) => await CallValueTask(calls, method, 1, token)),
    };

    public static IEnumerable<string> All => OfTasks.Keys.Concat(OfInnerClients.Keys);

    public static (string Arguments, CallOfShape Call) Get(string shape) => OfTasks.TryGetValue(shape, out var call) ? call : OfInnerClients[shape];

    // As the generator generates methods with parameters that no lambda can carry.
    private static int CallValue(CallInvoker<ShapeService> calls, ThriftMethod method, in int number, CancellationToken token)
    {
        if (!calls.TryEnter(method, token, out var call))
        {
            return call.GetRequiredFallback().RunAsync($"{number}", token).GetAwaiter().GetResult();
        }

        try
        {
            var result = calls.Inner.RunAsync($"{number}", token).GetAwaiter().GetResult();
            call.Returned(result);
            return result;
        }
        catch (Exception error)
        {
            call.Failed(error);
            throw;
        }
    }

#pragma warning disable CA1031 // What a call throws is in the task that its caller gets.
    private static Task<int> CallTask(CallInvoker<ShapeService> calls, ThriftMethod method, in int number, CancellationToken token)
    {
        if (!calls.TryEnter(method, token, out var call))
        {
            return call.Fallback == null ? call.Reject<int>() : call.Fallback.RunAsync($"{number}", token);
        }

        try
        {
            return call.Observe(calls.Inner.RunAsync($"{number}", token));
        }
        catch (Exception error)
        {
            return call.Fail<int>(error);
        }
    }

    private static ValueTask<int> CallValueTask(CallInvoker<ShapeService> calls, ThriftMethod method, in int number, CancellationToken token)
    {
        if (!calls.TryEnter(method, token, out var call))
        {
            return call.Fallback == null ? new ValueTask<int>(call.Reject<int>()) : new ValueTask<int>(call.Fallback.RunAsync($"{number}", token));
        }

        try
        {
            return call.Observe(new ValueTask<int>(calls.Inner.RunAsync($"{number}", token)));
        }
        catch (Exception error)
        {
            return new ValueTask<int>(call.Fail<int>(error));
        }
    }
#pragma warning restore CA1031

    private static async Task<int> WithAnswer(Task call)
    {
        await call;
        return ShapeService.Answer;
    }

    private static async Task<int> SingleAsync(this IAsyncEnumerable<int> stream, CancellationToken token)
    {
        var items = new List<int>();
        await foreach (var item in stream.WithCancellation(token))
        {
            items.Add(item);
        }

        return Assert.Single(items);
    }
}

/// <summary>Makes a call of one shape.</summary>
internal delegate Task<int> CallOfShape(CallInvoker<ShapeService> calls, ThriftMethod method, CancellationToken cancellationToken);

/// <summary>A service that records the arguments of its calls.</summary>
internal sealed class ShapeService
{
    public const int Answer = 42;

    public List<string> Calls { get; } = [];

    public Func<CancellationToken, Task<int>> Reply { get; set; } = static _ => Task.FromResult(Answer);

    public Task<int> RunAsync(string arguments, CancellationToken token)
    {
        Calls.Add(arguments);
        return Reply(token);
    }

    public async IAsyncEnumerable<int> EnumerateAsync(string arguments, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
    {
        yield return await RunAsync(arguments, token);
    }
}
