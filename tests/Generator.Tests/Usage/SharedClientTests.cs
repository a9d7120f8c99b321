using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests.Usage;

/// <summary>TB0016: a Thrift client that several calls use at once.</summary>
public sealed class SharedClientTests
{
    [Theory]
    [InlineData("await Task.WhenAll(client.ping(), client.crash());", "client.crash()")]
    [InlineData("await Task.WhenAll(client.slow(1), other.slow(2), client.slow(3));", "client.slow(3)")]
    [InlineData("await Task.WhenAny(client.ping(), client.crash());", "client.crash()")]
    [InlineData("await Task.WhenAll(new[] { client.slow(1), client.slow(2) });", "client.slow(2)")]
    [InlineData("Task<int>[] all = [client.slow(1), client.slow(2)]; await Task.WhenAll(all);", "client.slow(2)")]
    [InlineData("var started = new List<Task> { client.ping() }; await client.crash(); await started[0];", "")]
    [InlineData("var first = client.slow(1); var second = client.slow(2); await Task.WhenAll(first, second);", "client.slow(2)")]
    [InlineData("Task first = client.slow(1); await client.slow(2); await first;", "client.slow(2)")]
    [InlineData("Task first; first = client.slow(1); if (numbers.Length > 0) { await client.slow(2); } await first;", "client.slow(2)")]
    [InlineData("_ = client.note(\"a\"); await client.slow(2);", "client.slow(2)")]
    [InlineData("client.note(\"a\"); await client.slow(2);", "client.slow(2)")]
    [InlineData("Calculator.IAsync seen = client; var first = seen.slow(1); await seen.slow(2); await first;", "seen.slow(2)")]
    [InlineData("Calculator.IAsync known = new Own(null!); var first = known.slow(1); await known.slow(2); await first;", "known.slow(2)")]
    public void SecondCallBeforeTheFirstIsAwaitedIsReported(string statements, string culprit)
        => Assert.Equal(culprit.Length == 0 ? [] : [("TB0016", culprit)], Reports(statements));

    [Theory]
    [InlineData("await client.ping(); await client.crash();")]
    [InlineData("var first = client.slow(1); await first; await client.slow(2);")]
    [InlineData("var first = client.slow(1); first.Wait(); await client.slow(2);")]
    [InlineData("var first = client.slow(1); await Task.WhenAll(first); await client.slow(await first);")]
    [InlineData("await Task.WhenAll(client.ping(), other.ping());")]
    [InlineData("await Task.WhenAll(client.ping(), Wait(client.ping()));")]
    [InlineData("await Task.WhenAll(client.slow(await client.slow(1)));")]
    [InlineData("var first = client.slow(1); client = new Own(null!); var second = client.slow(2); await Task.WhenAll(first, second);")]
    [InlineData("if (numbers.Length > 0) { _ = client.slow(1); return; } await client.slow(2);")]
    [InlineData("_ = client.slow(1); Func<Task> later = () => client.slow(2); GC.KeepAlive(later);")]
    [InlineData("await Task.WhenAll(guarded.slow(1), guarded.slow(2)); _ = guarded.ping(); await guarded.ping();")]
    [InlineData("await Task.WhenAll(client.OpenTransportAsync(default), client.ping());")]
    [InlineData("_ = client.send_ping(); await client.recv_ping();")]
    public void SequentialCallsAreNotReported(string statements) => Assert.Empty(Reports(statements));

    [Theory]
    [InlineData("foreach (var number in numbers) { tasks.Add(client.slow(number)); } await Task.WhenAll(tasks);", "client.slow(number)")]
    [InlineData("for (var i = 0; i < 3; i++) tasks.Add(client.slow(i)); await Task.WhenAll(tasks);", "client.slow(i)")]
    [InlineData("foreach (var number in numbers) { _ = client.slow(number); }", "client.slow(number)")]
    [InlineData("Parallel.ForEach(numbers, number => client.slow(number).Wait());", "client.slow(number)")]
    [InlineData("Parallel.For(0, 3, number => client.slow(number).Wait());", "client.slow(number)")]
    [InlineData("await Parallel.ForEachAsync(numbers, async (number, token) => await client.slow(number, token));", "client.slow(number, token)")]
    [InlineData("await Task.WhenAll(numbers.Select(number => client.slow(number)));", "client.slow(number)")]
    [InlineData("await Task.WhenAll(numbers.Select(async number => { var answer = await client.slow(number); return answer; }));", "client.slow(number)")]
    [InlineData("var all = numbers.Select(async number => await client.slow(number)); await Task.WhenAll(all);", "client.slow(number)")]
    [InlineData("var all = numbers.Select(number => client.slow(number)).ToList(); foreach (var one in all) await one;", "client.slow(number)")]
    [InlineData("numbers.AsParallel().ForAll(number => client.slow(number).Wait());", "client.slow(number)")]
    [InlineData("_ = numbers.AsParallel().Select(number => client.slow(number).Result).ToList();", "client.slow(number)")]
    public void ConcurrentCallsInLoopsAndLambdasAreReported(string statements, string culprit)
        => Assert.Equal([("TB0016", culprit)], Reports(statements));

    [Theory]
    [InlineData("foreach (var number in numbers) { await client.slow(number); }")]
    [InlineData("foreach (var number in numbers) { tasks.Add(client.slow(number)); await Task.WhenAll(tasks); }")]
    [InlineData("foreach (var number in numbers) { tasks.Add(client.slow(number)); Task.WaitAll(tasks.ToArray()); }")]
    [InlineData("foreach (var number in numbers) { using var one = new Own(null!); tasks.Add(one.slow(number)); }")]
    [InlineData("foreach (var one in new[] { client }) { tasks.Add(one.ping()); }")]
    [InlineData("foreach (var number in numbers) { tasks.Add(client.slow(number)); break; }")]
    [InlineData("foreach (var number in numbers) { client = new Own(null!); tasks.Add(client.slow(number)); }")]
    [InlineData("foreach (var one in numbers.Select(number => client.slow(number))) { await one; }")]
    [InlineData("_ = numbers.Select(number => client.slow(number).Result).ToList();")]
    [InlineData("await Task.WhenAll(numbers.Select(async number => { using var one = new Own(null!); return await one.slow(number); }));")]
    [InlineData("var gate = new SemaphoreSlim(1); await Task.WhenAll(numbers.Select(async number => { await gate.WaitAsync(); try { return await client.slow(number); } finally { gate.Release(); } }));")]
    [InlineData("Parallel.ForEach(numbers, number => { lock (numbers) { client.slow(number).Wait(); } });")]
    [InlineData("await Parallel.ForEachAsync(numbers, new ParallelOptions { MaxDegreeOfParallelism = 1 }, async (number, token) => await client.slow(number, token));")]
    [InlineData("await Task.WhenAll(numbers.Select(number => guarded.slow(number))); foreach (var number in numbers) tasks.Add(guarded.slow(number));")]
    [InlineData("numbers.ToList().ForEach(number => client.slow(number).Wait());")]
    public void SequentialCallsInLoopsAndLambdasAreNotReported(string statements) => Assert.Empty(Reports(statements));

    /// <summary>The analyzer does not know the effect of a function that is called in between, or later.</summary>
    [Theory]
    [InlineData("Task<int>? first = null; async Task Wait() => await first!; first = client.slow(1); await Wait(); await client.slow(2);")]
    [InlineData("Task<int>? first = null; Func<Task> wait = async () => await first!; first = client.slow(1); await wait(); await client.slow(2);")]
    [InlineData("var first = client.slow(1); await Wait(); await client.slow(2); async Task Wait() => await first;")]
    [InlineData("var first = client.slow(1); Renew(); var second = client.slow(2); await Task.WhenAll(first, second); void Renew() => client = new Own(null!);")]
    [InlineData("foreach (var number in numbers) { tasks.Add(client.slow(number)); WaitForAll(); } void WaitForAll() => Task.WaitAll(tasks.ToArray());")]
    [InlineData("Action wait = () => Task.WaitAll(tasks.ToArray()); foreach (var number in numbers) { tasks.Add(client.slow(number)); wait(); }")]
    [InlineData("foreach (var number in numbers) { tasks.Add(client.slow(number)); Renew(); } void Renew() => client = new Own(null!);")]
    [InlineData("foreach (var number in numbers) { Renew(); _ = client.slow(number); } void Renew() => client = new Own(null!);")]
    [InlineData("await Task.WhenAll(numbers.Select(number => { client = new Own(null!); return client.slow(number); }));")]
    [InlineData("await Task.WhenAll(numbers.Select(number => { Renew(); return client.slow(number); })); void Renew() => client = new Own(null!);")]
    [InlineData("int Renew() { client = new Own(null!); return 1; } await Task.WhenAll(client.slow(1), client.slow(Renew()));")]
    public void CallsWithALocalFunctionInBetweenAreNotReported(string statements) => Assert.Empty(Reports(statements));

    [Theory]
    [InlineData("private Calculator.Client _client = Made; private void Renew() => _client = Made; public async Task RunAsync() { var first = _client.slow(1); Renew(); await _client.slow(2); await first; }")]
    [InlineData("private Calculator.Client _client = Made; private void Renew() => _client = Made; public async Task RunAsync() { for (var i = 0; i < 3; i++) { _ = _client.slow(i); Renew(); } await Task.Yield(); }")]
    [InlineData("private Calculator.Client Client { get; set; } = Made; private int Renew() { Client = Made; return 1; } public Task RunAsync() => Task.WhenAll(Client.slow(1), Client.slow(Renew()));")]
    [InlineData("private Calculator.Client _client = Made; private void Renew() => _client = Made; public Task RunAsync(int[] numbers) => Task.WhenAll(numbers.Select(number => { Renew(); return _client.slow(number); }));")]
    [InlineData("private Task<int>? _first; private readonly Calculator.Client _client = Made; private async Task Wait() => await _first!; public async Task RunAsync() { _first = _client.slow(1); await Wait(); await _client.slow(2); }")]
    public void CallsWithAMethodInBetweenAreNotReported(string members)
        => Assert.Empty(UsageRun.Analyze(Own, $"public sealed class Shop {{ private static Own Made => new(null!); {members} }}"));

    [Theory]
    [InlineData("var first = client.slow(1); Note(); await client.slow(2); await first; void Note() { }", "client.slow(2)")]
    [InlineData("foreach (var number in numbers) { tasks.Add(client.slow(number)); Note(); } void Note() { }", "client.slow(number)")]
    public void UnrelatedFunctionInBetweenDoesNotSuppressTheReport(string statements, string culprit)
        => Assert.Equal([("TB0016", culprit)], Reports(statements));

    [Theory]
    [InlineData("private readonly Calculator.Client _client = Made; public Task RunAsync() => Task.WhenAll(_client.ping(), _client.crash());", "_client.crash()")]
    [InlineData("private Calculator.Client Client { get; } = Made; public Task RunAsync() => Task.WhenAll(Client.ping(), this.Client.crash());", "this.Client.crash()")]
    [InlineData("private static Calculator.Client Client => Made; public Task RunAsync() => Task.WhenAll(Client.ping(), Client.crash());", "")]
    [InlineData("private static readonly Calculator.Client Client = Made;", "Client")]
    [InlineData("public static Calculator.Client Client { get; set; } = Made;", "Client")]
    [InlineData("private static readonly Own Client = Made;", "Client")]
    [InlineData("private static readonly Calculator.IAsync Client = Made;", "Client")]
    [InlineData("private static Calculator.IAsync Client { get; } = Made;", "Client")]
    [InlineData("private static readonly Calculator.IAsync Client = new Calculator.CircuitBreakerClient(Made);", "")]
    [InlineData("[ThreadStatic] private static Calculator.Client? Client; public void Set() => Client = Made;", "")]
    [InlineData("private static readonly ThreadLocal<Calculator.Client> Client = new(() => Made);", "")]
    [InlineData("private static readonly Calculator.CircuitBreakerClient Client = Calculator.CircuitBreakerClient.Connect(\"a\", 1);", "")]
    public void ClientInAStaticMemberIsShared(string members, string culprit)
        => Assert.Equal(
            culprit.Length == 0 ? [] : [("TB0016", culprit)],
            UsageRun.Analyze(Own, $"public sealed class Shop {{ private static Own Made => new(null!); public object Use() => Made; {members} }}")
                .Select(Report.From).Select(static report => (report.Id, report.Text)));

    [Theory]
    [InlineData("services.AddSingleton<Calculator.Client>();")]
    [InlineData("services.AddSingleton<Calculator.IAsync, Calculator.Client>();")]
    [InlineData("services.AddSingleton(typeof(Calculator.IAsync), typeof(Calculator.Client));")]
    [InlineData("services.AddSingleton<Calculator.IAsync>(_ => new Own(null!));")]
    [InlineData("services.AddSingleton<Calculator.IAsync>(_ => { var made = new Own(null!); return made; });")]
    [InlineData("services.AddSingleton<Calculator.IAsync>(new Own(null!));")]
    public void SingletonIsShared(string statement)
        => Assert.Equal([("TB0016", statement[..^1])], Reports(statement));

    [Theory]
    [InlineData("services.AddSingleton<Calculator.CircuitBreakerClient>(_ => Calculator.CircuitBreakerClient.Connect(\"a\", 1));")]
    [InlineData("services.AddSingleton<Calculator.IAsync>(_ => new Calculator.CircuitBreakerClient(Make(() => new Own(null!))));")]
    [InlineData("services.AddSingleton<Calculator.IAsync>(_ => new Calculator.CircuitBreakerClient(Make(() => { return new Own(null!); })));")]
    [InlineData("services.AddSingleton<Func<Calculator.Client>>(_ => () => new Own(null!));")]
    [InlineData("services.AddTransient<Calculator.Client>(_ => new Own(null!));")]
    [InlineData("AddSingleton<Calculator.Client>();")]
    public void OtherRegistrationsAreNotReported(string statement) => Assert.Empty(Reports(statement));

    [Theory]
    [InlineData("Calculator", "share what 'Calculator.CircuitBreakerClient.Connect(…)' creates, which has a connection for each call")]
    [InlineData("Monitored", "give each call its own client, or await the call before")]
    public void MessageNamesTheRemedy(string service, string advice)
        => Assert.Equal(
            $"The connection of '{service}.Client' carries one call at a time, and an earlier call on it has not been awaited yet: {advice}",
            Report.From(Assert.Single(UsageRun.Analyze($"public static class Shop {{ public static Task RunAsync({service}.Client client) => Task.WhenAll(client.ping(), client.ping()); }}"))).Message);

    private const string Own = "public sealed class Own(TProtocol protocol) : Calculator.Client(protocol);";

    private static IEnumerable<(string Id, string Text)> Reports(string statements)
        => UsageRun.Analyze(
            Own,
            $$"""
            public sealed class Shop(IServiceCollection services)
            {
                private readonly object _used = services;

                public async Task RunAsync(Calculator.Client client, Calculator.IAsync other, Calculator.CircuitBreakerClient guarded, int[] numbers, List<Task> tasks)
                {
                    await Task.Yield();
                    {{statements}}
                }

                private static Task Wait(Task task) { task.Wait(); return task; }
                private static Calculator.IAsync Make(Func<Calculator.IAsync> make) => make();
                private static void AddSingleton<T>() => GC.KeepAlive(typeof(T));
            }
            """)
            .Select(Report.From).Select(static report => (report.Id, report.Text));
}
