using Microsoft.Extensions.Time.Testing;

namespace ThriftBreaker.Generator.Tests;

/// <summary>
/// Clients that are compiled, loaded and called: every shape of method is guarded and gets all arguments and results.
/// </summary>
public sealed class LoadedClientTests
{
    private static readonly TimeSpan ResetTimeout = TimeSpan.FromSeconds(30);

    private static readonly Dictionary<string, (ServiceShape Shape, string Received, string Answer)> Shapes = new()
    {
        ["nothing"] = (new("void F(int a, string b)", "{a} {b}", "", """service.F(1, "x"); return "done";"""), "1 x", "done"),
        ["a value"] = (new("string F(int a, string b)", "{a} {b}", """return b + a;""", """return service.F(1, "x");"""), "1 x", "x1"),
        ["references"] = (
            new(
                "bool F(in int a, ref int b, out string c, ref readonly long d)", "{a} {b} {d}",
                """b++; c = "out"; return true;""",
                """int b = 2; long d = 4; var answer = service.F(1, ref b, out var c, in d); return $"{answer} {b} {c}";"""),
            "1 2 4", "True 3 out"),
        ["a reference to nothing"] = (new("void F(ref string? a)", "{a}", """a = "after";""", """string? a = "before"; service.F(ref a); return a!;"""), "before", "after"),
        ["a returned reference"] = (
            new("ref int F(int a)", "{a}", "return ref _cells[a];", """ref int cell = ref service.F(1); cell++; cell--; return $"{cell}";"""), "1", "20"),
        ["a returned reference that is read only"] = (
            new("ref readonly int F(int a)", "{a}", "return ref _cells[a];", """ref readonly int cell = ref service.F(2); return $"{cell}";"""), "2", "30"),
        ["spans"] = (
            new(
                "Span<int> F(ReadOnlySpan<char> a, scoped Span<int> b)", "{a.ToString()} {b[0]}",
                "b[0] = 9; return _cells.AsSpan(1);",
                """Span<int> b = [5]; var rest = service.F("text", b); return $"{b[0]} {rest[1]}";"""),
            "text 5", "9 30"),
        ["a parameter array"] = (
            new("string F(string a, params int[] b)", """{a} {string.Join("+", b)}""", "return a + b.Length;", """return service.F("n", 1, 2, 3);"""), "n 1+2+3", "n3"),
        ["a tuple"] = (
            new("(int Number, string? Text) F((string, int) a)", "{a}", "return (a.Item2, a.Item1);", """var answer = service.F(("x", 3)); return answer.Text! + answer.Number;"""),
            "(x, 3)", "x3"),
        ["a type parameter"] = (
            new("T F<T>(T a, T? b)", "{a} {b}", "return a;", """return service.F<string>("a", null) + service.F(1, 2);"""), "a ", "a1"),
        ["type parameters with constraints"] = (
            new(
                "(T, U?) F<T, U>(T? a, U b) where T : class, new() where U : struct, IComparable<U>", "{a} {b}",
                "return (a ?? new T(), b);", """var (t, u) = service.F<List<int>, int>(null, 3); return $"{t.Count} {u}";"""),
            " 3", "0 3"),
        ["a dynamic value"] = (new("dynamic F(dynamic? a, in dynamic b)", "{a} {b}", "return a + b;", """return $"{service.F(1, 2)}";"""), "1 2", "3"),
        ["a name of a client member"] = (new("string CircuitBreaker(string _calls, int Methods)", "{_calls} {Methods}", "return _calls;", """return service.CircuitBreaker("x", 1);"""), "x 1", "x"),
        ["a type parameter with a name of a client member"] = (
            new("string F<Methods, Service, _calls>(Methods a, Service b, _calls c)", "{a} {b} {c}", "return $\"{c}\";", """return service.F(1, 2, 3);"""), "1 2 3", "3"),
        ["a task of a method that is not async"] = (
            new("Task F(int a, CancellationToken b)", "{a}", "return Task.CompletedTask;", """await service.F(1, default); return "done";"""), "1", "done"),
        ["a task"] = (new("Task F(int a)", "{a}", "", """await service.F(1); return "done";""") { IsAsync = true }, "1", "done"),
        ["a task of a result"] = (new("Task<string> F(int a, string b)", "{a} {b}", "return b + a;", """return await service.F(1, "x");""") { IsAsync = true }, "1 x", "x1"),
        ["a task and references"] = (
            new(
                "Task<int> F(ref int a, out string b, in int c)", "{a} {c}",
                """a++; b = "out"; return Task.FromResult(c);""",
                """int a = 1; var answer = service.F(ref a, out var b, 7); return $"{await answer} {a} {b}";"""),
            "1 7", "7 2 out"),
        ["a task of a type parameter"] = (
            new("Task<T?> F<T>(T a)", "{a}", "return a;", """return (await service.F("x"))!;""") { IsAsync = true }, "x", "x"),
        ["a value task"] = (new("ValueTask F(int a)", "{a}", "", """await service.F(1); return "done";""") { IsAsync = true }, "1", "done"),
        ["a value task of a result"] = (
            new("ValueTask<string> F(int a, out int b)", "{a}", """b = 2; return new("x");""", """var answer = await service.F(1, out var b); return answer + b;"""), "1", "x2"),
        ["a stream"] = (
            new(
                "IAsyncEnumerable<int> F(int a, string b)", "{a} {b}", "yield return a; yield return a + 1;",
                """var sum = 0; await foreach (var item in service.F(3, "x")) { sum += item; } return $"{sum}";""")
            { IsAsync = true },
            "3 x", "7"),
        ["a stream that is returned"] = (
            new(
                "IAsyncEnumerable<string>? F(in string a, ref readonly int Item2, CancellationToken b = default)", "{a} {Item2} {b.CanBeCanceled}", "return Items(a);" +
                " static async IAsyncEnumerable<string> Items(string item) { await Task.Yield(); yield return item; }",
                """using var stop = new CancellationTokenSource(); var two = 2; var all = ""; await foreach (var item in service.F("x", in two, stop.Token)!) { all += item; } return all;"""),
            "x 2 True", "x"),
        ["a stream of a type parameter"] = (
            new(
                "IAsyncEnumerable<T> F<T>(T a, dynamic state, T token)", "{a} {state} {token}", "yield return token; yield return a;",
                """var all = ""; await foreach (var item in service.F("a", 1, "b")) { all += item; } return all;""")
            { IsAsync = true },
            "a 1 b", "ba"),
    };

    public static MatrixTheoryData<string, GuardedBy> NamesAndScopes => new([.. Shapes.Keys], Enum.GetValues<GuardedBy>());

    [Theory]
    [MemberData(nameof(NamesAndScopes))]
    public async Task EveryShapeTripsRejectsProbesAndRecovers(string name, GuardedBy guardedBy)
    {
        var (shape, expected, answer) = Shapes[name];
        using var code = (shape with { By = guardedBy }).Load();
        var clock = new FakeTimeProvider();
        var breaker = new CircuitBreaker(new() { FailMax = 1, ResetTimeout = ResetTimeout, TimeProvider = clock });
        var received = new List<string>();
        Exception? error = null;
        var call = Guard(code)(breaker, () => error, received.Add, withFallback: false);

        Assert.Equal(answer, await call());
        Assert.Equal("service received " + expected, received[0]);

        error = new InvalidOperationException("the service's error");
        Assert.Same(error, await Assert.ThrowsAsync<InvalidOperationException>(call));
        Assert.Equal(CircuitState.Open, breaker.State);

        var calls = received.Count;
        await Assert.ThrowsAsync<CircuitOpenException>(call);
        Assert.Equal(calls, received.Count);

        clock.Advance(ResetTimeout);
        await Assert.ThrowsAsync<InvalidOperationException>(call);
        Assert.Equal(CircuitState.Open, breaker.State);

        error = null;
        clock.Advance(ResetTimeout);
        Assert.Equal(answer, await call());
        Assert.Equal(CircuitState.Closed, breaker.State);
    }

    [Theory]
    [MemberData(nameof(NamesAndScopes))]
    public async Task FallbackOfEveryShapeGetsTheSameArgumentsAndResult(string name, GuardedBy guardedBy)
    {
        var (shape, expected, answer) = Shapes[name];
        using var code = (shape with { By = guardedBy }).Load();
        var breaker = new CircuitBreaker();
        var received = new List<string>();
        breaker.Open();

        Assert.Equal(answer, await Guard(code)(breaker, static () => null, received.Add, withFallback: true)());

        Assert.Equal("fallback received " + expected, received[0]);
    }

    private static ServiceShape.Guard Guard(Harness.LoadedCode code) => code.Method<ServiceShape.Guard>("Scenario", "Guard");
}
