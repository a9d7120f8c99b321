using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests.Usage;

/// <summary>TB0014: a Thrift client that is used directly, although its service has a circuit breaker client.</summary>
public sealed class UnguardedClientTests
{
    private const string Raw = "new Calculator.Client(protocol)";

    private static readonly (string, string) Warning = ("TB0014", Raw);

    [Theory]
    [InlineData($"using var client = {Raw}; await client.ping();")]
    [InlineData($"await {Raw}.ping();")]
    [InlineData($"Calculator.IAsync client = {Raw}; await client.ping();")]
    [InlineData($"Func<Calculator.IAsync> make = () => {Raw}; await make().ping();")]
    [InlineData($"var clients = numbers.Select(_ => {Raw}).ToList(); await clients[0].ping();")]
    [InlineData($"services.AddTransient<Calculator.IAsync>(_ => {Raw});")]
    [InlineData($"_ = new Decorator({Raw});")]
    [InlineData($"var client = {Raw}; var copy = client; await copy.ping(); await new Calculator.CircuitBreakerClient(other).ping();")]
    public void UnguardedClientIsReported(string statements)
        => Assert.Equal([Warning], UsageRun.AnalyzeMembers(Running(statements)));

    [Theory]
    [InlineData($"await using var client = new Calculator.CircuitBreakerClient({Raw});")]
    [InlineData($"await using var client = new Calculator.CircuitBreakerClient({Raw}, new CircuitBreaker());")]
    [InlineData($"await using Calculator.CircuitBreakerClient client = new({Raw});")]
    [InlineData("await using Calculator.CircuitBreakerClient client = new(new Calculator.Client(protocol, protocol));")]
    [InlineData($"await using var client = new Calculator.CircuitBreakerClient(inner: (Calculator.IAsync){Raw});")]
    [InlineData($"var inner = {Raw}; await inner.ping(); await using var client = new Calculator.CircuitBreakerClient(inner);")]
    [InlineData($"Calculator.IAsync inner; inner = {Raw}; await using var client = new Calculator.CircuitBreakerClient(inner);")]
    [InlineData($"var inner = {Raw}; var copy = inner; await using var client = new Calculator.CircuitBreakerClient(copy);")]
    [InlineData($"await using var client = new Calculator.CircuitBreakerClient(new Decorator({Raw}));")]
    [InlineData($"var decorator = new Decorator({Raw}); await using var client = new Calculator.CircuitBreakerClient(decorator);")]
    [InlineData($"await using var client = new Calculator.CircuitBreakerClient(numbers.Length > 1 ? {Raw} : other);")]
    [InlineData($"Func<Calculator.IAsync> make = () => {Raw}; await using var client = new Calculator.CircuitBreakerClient(make());")]
    [InlineData($"Calculator.IAsync Make() => {Raw}; await using var client = new Calculator.CircuitBreakerClient(Make());")]
    [InlineData($"await using var client = Guard({Raw});")]
    [InlineData($"services.AddTransient<Calculator.IAsync>(_ => new Calculator.CircuitBreakerClient({Raw}));")]
    [InlineData($"await using var client = Calculator.CircuitBreakerClient.Connect(new ThriftEndpoint(\"a\", 1), new ThriftChannelOptions(), new CircuitBreaker(), {Raw});")]
    [InlineData($"var all = numbers.Select(_ => {Raw}).Select(inner => new Calculator.CircuitBreakerClient(inner)).ToList();")]
    [InlineData($"var all = numbers.Select(_ => {Raw}).ToList(); foreach (var inner in all) {{ await new Calculator.CircuitBreakerClient(inner).ping(); }}")]
    [InlineData($"var all = new[] {{ {Raw} }}; await using var client = new Calculator.CircuitBreakerClient(all[0]);")]
    [InlineData($"Calculator.IAsync[] all = [{Raw}]; await using var client = new Calculator.CircuitBreakerClient(all[0]);")]
    [InlineData("_ = new ThriftBreaker.GeneratedCode.ThriftService<Calculator.IAsync>(\"Calculator\", new CircuitBreakerOptions()) { CreateClient = static protocol => new Calculator.Client(protocol) };")]
    public void GuardedClientIsNotReported(string statements)
        => Assert.Empty(UsageRun.AnalyzeMembers(Running(statements)));

    [Theory]
    [InlineData("private Calculator.Client? _client; public void Open() => _client = new Calculator.Client(protocol); public Task PingAsync() => _client!.ping();")]
    [InlineData("private readonly Calculator.IAsync _client = new Calculator.Client(protocol); public Task PingAsync() => _client.ping();")]
    [InlineData("private Calculator.IAsync Client { get; } = new Calculator.Client(protocol); public Task PingAsync() => Client.ping();")]
    [InlineData("private Calculator.Client Make() => new Calculator.Client(protocol); public Task PingAsync() => Make().ping();")]
    [InlineData("public Calculator.IAsync Make() => new Calculator.Client(protocol);")]
    [InlineData("public Calculator.IAsync Client => new Calculator.Client(protocol);")]
    [InlineData("private static Task PingAsync(Calculator.IAsync client) => client.ping(); public Task RunAsync() => PingAsync(new Calculator.Client(protocol));")]
    public void UnguardedClientInAMemberIsReported(string members)
        => Assert.Equal([Warning], UsageRun.AnalyzeMembers(members));

    /// <summary>
    /// As the Hive driver of arrow-adbc does: a virtual method creates the client, a private field keeps it, an
    /// internal property provides it, and the driver's own methods take it as an argument.
    /// </summary>
    [Fact]
    public void UnguardedClientOfADriverIsReported()
        => Assert.Equal(
            [("TB0014", "new Calculator.Client(created)")],
            UsageRun.Analyze(
                """
                public class Driver(TProtocol protocol)
                {
                    private Calculator.IAsync? _client;

                    internal Calculator.IAsync Client
                    {
                        get { return _client ?? throw new InvalidOperationException("connection not open"); }
                    }

                    protected virtual Calculator.IAsync Create(TProtocol created)
                    {
                        return new Calculator.Client(created);
                    }

                    internal async Task OpenAsync()
                    {
                        await TraceAsync(async () =>
                        {
                            _client = Create(protocol);
                            await Client.ping();
                            return true;
                        });
                    }

                    internal async Task<List<Work>> FetchAsync()
                    {
                        return await TraceAsync(async () =>
                        {
                            await PollAsync(Client);
                            List<Work> history = await NextAsync(Client);
                            if (history.Count == 0)
                            {
                                throw new InvalidOperationException(history.ToString());
                            }

                            return history;
                        });
                    }

                    internal void Close()
                    {
                        if (_client != null && protocol != null)
                        {
                            _client.ping().Wait();
                            if (_client is IDisposable disposable)
                            {
                                disposable.Dispose();
                            }

                            _client = null;
                        }
                    }

                    private static async Task PollAsync(Calculator.IAsync client)
                    {
                        await client.ping();
                    }

                    private static async Task<List<Work>> NextAsync(Calculator.IAsync client)
                    {
                        List<Work> history = await client.history(Operation.ADD, new HashSet<string>());
                        return history;
                    }

                    private static Task<T> TraceAsync<T>(Func<Task<T>> call) => new Tracer().TraceAsync(call);

                    private sealed class Tracer
                    {
                        public Task<T> TraceAsync<T>(Func<Task<T>> call) => call();
                    }
                }
                """).Select(Report.From).Select(static report => (report.Id, report.Text)));

    /// <summary>What a call with the client as an argument returns is followed only if it can contain the client.</summary>
    [Theory]
    [InlineData("private static async Task<int> SlowAsync(Calculator.IAsync client) => await client.slow(1); public async Task RunAsync(List<int> results) { var result = await SlowAsync(new Calculator.Client(protocol)); results.Add(result); }")]
    [InlineData("private static string? Describe(Calculator.IAsync client) => client.ToString(); public void Run(List<string?> results) => results.Add(Describe(new Calculator.Client(protocol)));")]
    [InlineData("private static Operation Next(Calculator.IAsync client) => (Operation)client.GetHashCode(); public void Run(List<Operation> results) => results.Add(Next(new Calculator.Client(protocol)));")]
    [InlineData("private static async Task<Work> NextAsync(Calculator.IAsync client) => (await client.history(Operation.ADD, new HashSet<string>()))[0]; public async Task RunAsync(Queue<Work> results) => results.Enqueue(await NextAsync(new Calculator.Client(protocol)));")]
    [InlineData("private static async Task<List<Work>> AllAsync(Calculator.IAsync client) => await client.history(Operation.ADD, new HashSet<string>()); public async Task RunAsync(List<Work> results) => results.AddRange(await AllAsync(new Calculator.Client(protocol)));")]
    [InlineData("private static Task PingAsync(Calculator.IAsync client) => client.ping(); public void Run(List<Task> calls) => calls.Add(PingAsync(new Calculator.Client(protocol)));")]
    [InlineData("private static TimeSpan? Measure(Calculator.IAsync client) => client is null ? null : TimeSpan.Zero; public void Run(List<TimeSpan?> times) => times.Add(Measure(new Calculator.Client(protocol)));")]
    [InlineData("private static Dictionary<string, long[]> Sums(Calculator.IAsync client) => []; public void Run(List<object> all) => all.Add(Sums(new Calculator.Client(protocol)));")]
    public void ResultThatCannotContainTheClientIsNotFollowed(string members)
        => Assert.Equal([Warning], UsageRun.AnalyzeMembers(members));

    [Theory]
    [InlineData("private static object Keep(Calculator.IAsync client) => client; public void Run(List<object> all) => all.Add(Keep(new Calculator.Client(protocol)));")]
    [InlineData("private static Task<object> KeepAsync(Calculator.IAsync client) => Task.FromResult<object>(client); public async Task RunAsync(List<object> all) => all.Add(await KeepAsync(new Calculator.Client(protocol)));")]
    [InlineData("private static List<IDisposable> Keep(Calculator.IAsync client) => [(IDisposable)client]; public void Run(List<IDisposable> all) => all.AddRange(Keep(new Calculator.Client(protocol)));")]
    [InlineData("private static T Keep<T>(T client) => client; public void Run(List<object> all) => all.Add(Keep(new Calculator.Client(protocol)));")]
    [InlineData("private static (Calculator.IAsync, int) Keep(Calculator.IAsync client) => (client, 1); public void Run(List<(Calculator.IAsync, int)> all) => all.Add(Keep(new Calculator.Client(protocol)));")]
    [InlineData("private readonly struct Holder(Calculator.IAsync inner) { public Calculator.IAsync Inner => inner; } private static Holder Keep(Calculator.IAsync client) => new(client); public object Guarded() => new Calculator.CircuitBreakerClient(Keep(new Calculator.Client(protocol)).Inner);")]
    public void ResultThatCanContainTheClientIsFollowed(string members)
        => Assert.Empty(UsageRun.AnalyzeMembers(members));

    [Theory]
    [InlineData("private Calculator.Client? _client; public void Open() => _client = new Calculator.Client(protocol); public object Guarded => new Calculator.CircuitBreakerClient(_client!);")]
    [InlineData("private readonly Calculator.IAsync _client = new Calculator.Client(protocol); public object Guarded() => new Calculator.CircuitBreakerClient(_client);")]
    [InlineData("private Calculator.IAsync Client { get; } = new Calculator.Client(protocol); public object Guarded() => new Calculator.CircuitBreakerClient(Client);")]
    [InlineData("private Calculator.IAsync Make() => new Calculator.Client(protocol); public object Guarded() => new Calculator.CircuitBreakerClient(Make());")]
    [InlineData("private async Task<Calculator.IAsync> MakeAsync() { await Task.Yield(); return new Calculator.Client(protocol); } public async Task<object> GuardedAsync() => new Calculator.CircuitBreakerClient(await MakeAsync());")]
    [InlineData("private static object Guarded(Calculator.IAsync client) => new Calculator.CircuitBreakerClient(client); public object Make() => Guarded(new Calculator.Client(protocol));")]
    public void ClientGuardedElsewhereInTheTypeIsNotReported(string members)
        => Assert.Empty(UsageRun.AnalyzeMembers(members));

    /// <summary>A client whose flow the analyzer cannot follow may end in a guarded one.</summary>
    [Theory]
    [InlineData($"var (inner, number) = ({Raw}, 1); await using var client = new Calculator.CircuitBreakerClient(inner);")]
    [InlineData($"Calculator.IAsync inner; int number; (inner, number) = ({Raw}, 1); await using var client = new Calculator.CircuitBreakerClient(inner);")]
    [InlineData($"var pair = (Inner: {Raw}, Number: 1); await using var client = new Calculator.CircuitBreakerClient(pair.Inner);")]
    [InlineData($"(Calculator.Client, int) Make() => ({Raw}, 1); var (inner, _) = Make(); await using var client = new Calculator.CircuitBreakerClient(inner);")]
    [InlineData($"void Make(out Calculator.IAsync made) => made = {Raw}; Make(out var inner); await using var client = new Calculator.CircuitBreakerClient(inner);")]
    [InlineData($"void Set(ref Calculator.IAsync made) {{ made = {Raw}; }} var inner = other; Set(ref inner); await using var client = new Calculator.CircuitBreakerClient(inner);")]
    [InlineData($"Use(); void Use() {{ Calculator.IAsync inner = other; ref var slot = ref inner; slot = {Raw}; using var client = new Calculator.CircuitBreakerClient(inner); }}")]
    [InlineData($"var all = new Calculator.IAsync[1]; all[0] = {Raw}; await using var client = new Calculator.CircuitBreakerClient(all[0]);")]
    [InlineData($"var all = new Dictionary<string, Calculator.IAsync>(); all[\"a\"] = {Raw}; await using var client = new Calculator.CircuitBreakerClient(all[\"a\"]);")]
    [InlineData($"var all = new Dictionary<string, Calculator.IAsync> {{ [\"a\"] = {Raw} }}; await using var client = new Calculator.CircuitBreakerClient(all[\"a\"]);")]
    [InlineData($"var all = new List<Calculator.IAsync>(); all.Add({Raw}); await using var client = new Calculator.CircuitBreakerClient(all.First());")]
    [InlineData($"var all = new Stack<Calculator.IAsync>(); all.Push({Raw}); await using var client = new Calculator.CircuitBreakerClient(all.Pop());")]
    [InlineData($"var holder = new Holder {{ Inner = {Raw} }}; await using var client = new Calculator.CircuitBreakerClient(holder.Inner);")]
    [InlineData($"var holder = new Holder(); holder.Inner = {Raw}; await using var client = new Calculator.CircuitBreakerClient(holder.Inner);")]
    [InlineData($"var holder = new Holder(); holder.Field = {Raw}; await using var client = new Calculator.CircuitBreakerClient(holder.Field);")]
    [InlineData($"var held = new {{ Inner = {Raw} }}; await using var client = new Calculator.CircuitBreakerClient(held.Inner);")]
    [InlineData($"if ({Raw} is var inner) {{ await using var client = new Calculator.CircuitBreakerClient(inner); }}")]
    [InlineData($"if ({Raw} is Calculator.IAsync {{ }} inner) {{ await using var client = new Calculator.CircuitBreakerClient(inner); }}")]
    [InlineData($"object? made = {Raw}; if (made is Calculator.IAsync inner && numbers.Length > 0) {{ await using var client = new Calculator.CircuitBreakerClient(inner); }}")]
    [InlineData($"switch ({Raw}) {{ case Calculator.IAsync inner: await new Calculator.CircuitBreakerClient(inner).ping(); break; }}")]
    [InlineData($"var client = {Raw} switch {{ var inner => new Calculator.CircuitBreakerClient(inner) }}; await client.ping();")]
    [InlineData($"var lazy = new Lazy<Calculator.IAsync>(() => {Raw}); await using var client = new Calculator.CircuitBreakerClient(lazy.Value);")]
    [InlineData($"var made = Task.FromResult<Calculator.IAsync>({Raw}); await using var client = new Calculator.CircuitBreakerClient(await made);")]
    [InlineData($"var made = Task.Run(() => {Raw}); await using var client = new Calculator.CircuitBreakerClient(made.Result);")]
    [InlineData($"IEnumerable<Calculator.IAsync> All() {{ yield return {Raw}; }} foreach (var inner in All()) {{ await new Calculator.CircuitBreakerClient(inner).ping(); }}")]
    [InlineData($"var all = numbers.Select(_ => {Raw}); var client = all.Select(static inner => new Calculator.CircuitBreakerClient(inner)).First(); await client.ping();")]
    [InlineData($"var all = from number in numbers select {Raw}; foreach (var inner in all) {{ await new Calculator.CircuitBreakerClient(inner).ping(); }}")]
    [InlineData($"Calculator.IAsync? inner = null; inner ??= {Raw}; await using var client = new Calculator.CircuitBreakerClient(inner);")]
    [InlineData($"var inner = {Raw} as Calculator.IAsync; await using var client = new Calculator.CircuitBreakerClient(inner!);")]
    [InlineData($"var set = new HashSet<object>(); var inner = {Raw}; set.Add(inner); await using var client = new Calculator.CircuitBreakerClient(inner);")]
    [InlineData($"Func<Calculator.IAsync, Calculator.CircuitBreakerClient> wrap = static inner => new(inner); await wrap({Raw}).ping();")]
    [InlineData($"Func<Calculator.IAsync, Calculator.CircuitBreakerClient> wrap = Guard; await wrap({Raw}).ping();")]
    [InlineData($"await new Builder().With({Raw}).Build().ping();")]
    public void ClientWithUntrackableFlowIsNotReported(string statements)
        => Assert.Empty(UsageRun.AnalyzeMembers(Running(statements)));

    [Theory]
    [InlineData("private IEnumerable<Calculator.IAsync> All() { yield return new Calculator.Client(protocol); } public object Guarded() => All().Select(inner => new Calculator.CircuitBreakerClient(inner)).ToList();")]
    [InlineData("public IEnumerable<Calculator.Client> All() { yield return new Calculator.Client(protocol); }")]
    [InlineData("public async IAsyncEnumerable<Calculator.Client> All() { await Task.Yield(); yield return new Calculator.Client(protocol); }")]
    [InlineData("public Calculator.Client[] All() => [new Calculator.Client(protocol)];")]
    [InlineData("public Calculator.Client[] All() => new[] { new Calculator.Client(protocol) };")]
    [InlineData("public List<Calculator.Client> All() => [new Calculator.Client(protocol)];")]
    [InlineData("public (Calculator.Client, int) Pair() => (new Calculator.Client(protocol), 1);")]
    [InlineData("public readonly Calculator.Client[] All = [new Calculator.Client(protocol)];")]
    [InlineData("public Lazy<Calculator.Client> Later => new(() => new Calculator.Client(protocol));")]
    [InlineData("public void Make(out Calculator.IAsync client) => client = new Calculator.Client(protocol);")]
    [InlineData("public void Make(out Calculator.Client client) => client = new Calculator.Client(protocol);")]
    [InlineData("public static Calculator.IAsync? Slot; public void Set() => Slot = new Calculator.Client(protocol); public object Guarded => new Calculator.CircuitBreakerClient(Slot!);")]
    [InlineData("private readonly Calculator.IAsync _client = new Calculator.Client(protocol); private sealed class Nested(Shop shop) { public object Guarded => new Calculator.CircuitBreakerClient(shop._client); } public object Make() => new Nested(this);")]
    [InlineData("private static class Nested { public static Calculator.IAsync Make(TProtocol protocol) => new Calculator.Client(protocol); } public object Guarded() => new Calculator.CircuitBreakerClient(Nested.Make(protocol));")]
    [InlineData("private sealed class Nested(Calculator.IAsync inner) { public object Guarded => new Calculator.CircuitBreakerClient(inner); } public object Make() => new Nested(new Calculator.Client(protocol)).Guarded;")]
    [InlineData("private Calculator.CircuitBreakerClient? _guarded; private Calculator.IAsync Inner { set => _guarded = new(value); } public object Guarded() { Inner = new Calculator.Client(protocol); return _guarded!; }")]
    [InlineData("public class Base(Calculator.IAsync inner) { public object Guarded => new Calculator.CircuitBreakerClient(inner); } public sealed class Derived(TProtocol protocol) : Base(new Calculator.Client(protocol));")]
    [InlineData("public sealed class Derived(TProtocol protocol) : Outside(new Calculator.Client(protocol));")]
    [InlineData("public sealed class Derived : Outside { public Derived(TProtocol protocol) : base(new Calculator.Client(protocol)) { } }")]
    [InlineData("private readonly Calculator.CircuitBreakerClient _client; public Shop(TProtocol protocol, Calculator.IAsync other, IServiceCollection services, Calculator.IAsync inner) : this(protocol, other, services) => _client = new(inner); public Shop(TProtocol protocol) : this(protocol, null!, null!, new Calculator.Client(protocol)) { } public object Client => _client;")]
    public void ClientWithUntrackableFlowInTheTypeIsNotReported(string members)
        => Assert.Empty(UsageRun.Analyze($$"""
            public class Outside(Calculator.IAsync inner) { public object Guarded => new Calculator.CircuitBreakerClient(inner); }
            """, Shop(members)).Select(Report.From));

    private static string Shop(string members)
        => members.Contains("public Shop(", StringComparison.Ordinal)
            ? $$"""
            public sealed class Shop
            {
                private readonly object _used;

                public Shop(TProtocol protocol, Calculator.IAsync other, IServiceCollection services) => (_used, _client) = ((protocol, other, services), null!);

                {{members}}
            }
            """
            : $$"""
            public sealed class Shop(TProtocol protocol, Calculator.IAsync other, IServiceCollection services)
            {
                private readonly object _used = (protocol, other, services);

                {{members}}
            }
            """;

    /// <summary>
    /// The receiver knows the type and can guard the client; the analyzer does not look into other types.
    /// </summary>
    [Theory]
    [InlineData("public Calculator.Client Make() => new Calculator.Client(protocol);")]
    [InlineData("public async Task<Calculator.Client> MakeAsync() { await Task.Yield(); return new Calculator.Client(protocol); }")]
    [InlineData("internal Calculator.Client Client { get; } = new Calculator.Client(protocol);")]
    [InlineData("public void Register() => services.AddTransient<Calculator.Client>(_ => new Calculator.Client(protocol));")]
    [InlineData("public void Fill(List<Calculator.Client> pool) => pool.Add(new Calculator.Client(protocol));")]
    public void ClientThatLeavesTheTypeIsNotReported(string members)
        => Assert.Empty(UsageRun.AnalyzeMembers(members));

    [Fact]
    public void MessageNamesTheRemedy()
        => Assert.Equal(
            "'Calculator.Client' is not guarded, although its service has a guarded client: use 'Calculator.CircuitBreakerClient.Connect(…)', or wrap it, 'new Calculator.CircuitBreakerClient(…)'",
            Report.From(Assert.Single(UsageRun.Analyze($"public static class Shop {{ public static Task PingAsync(TProtocol protocol) => {Raw}.ping(); }}"))).Message);

    [Theory]
    [InlineData("new MyService.Client(protocol)", "a service without the attribute")]
    [InlineData("new Monitored.Client(protocol)", "the base of a service with the attribute")]
    [InlineData("new Own(protocol)", "a client derived from it")]
    public void ClientWithoutACircuitBreakerClientIsNotReported(string client, string what)
    {
        Assert.NotEmpty(what);
        Assert.Empty(UsageRun.Analyze(
            $"public static class Shop {{ public static object Make(TProtocol protocol) {{ object client = {client}; return client.ToString()!; }} }}",
            "public sealed class Own(TProtocol protocol) : Calculator.Client(protocol);"));
    }

    [Theory]
    [InlineData("[CircuitBreaker] public interface IExample : MyService.IAsync;", "ExampleCircuitBreakerClient")]
    [InlineData("[assembly: CircuitBreaker(typeof(MyService))]", "Circuit.Example.MyServiceCircuitBreakerClient")]
    [InlineData("public static partial class Services { [CircuitBreaker] public interface IExample : MyService.IAsync; }", "Services.ExampleCircuitBreakerClient")]
    public void AttributeElsewhereProvidesTheGuardedClient(string attribute, string guarded)
    {
        var message = Report.From(Assert.Single(UsageRun.Analyze(
            attribute,
            "public static class Shop { public static Task PingAsync(TProtocol protocol) => new MyService.Client(protocol).doSomething(null); }",
            $"public static class Guards {{ public static object Make(TProtocol protocol) => new {guarded}(new MyService.Client(protocol)); }}"))).Message;

        Assert.Contains($"'{guarded.Replace("Circuit.Example.", "", StringComparison.Ordinal)}.Connect(…)'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void GeneratedCodeIsNotAnalyzed()
        => Assert.Empty(UsageRun.Analyze($"// <auto-generated/>\npublic static class Shop {{ public static Task PingAsync(TProtocol protocol) => {Raw}.ping(); }}"));

    private static string Running(string statements)
        => $$"""
        public async Task RunAsync(int[] numbers)
        {
            await Task.Yield();
            {{statements}}
        }

        private sealed class Holder { public Calculator.IAsync Inner { get; set; } = null!; public Calculator.IAsync Field = null!; }

        private sealed class Builder { private Calculator.IAsync? _inner; public Builder With(Calculator.IAsync inner) { _inner = inner; return this; } public Calculator.CircuitBreakerClient Build() => new(_inner!); }

        private static Calculator.CircuitBreakerClient Guard(Calculator.IAsync inner) => new(inner);

        private sealed class Decorator(Calculator.IAsync inner) : Calculator.IAsync
        {
            public Task ping(CancellationToken cancellationToken) => inner.ping(cancellationToken);
            public Task<string> echo(string? text, CancellationToken cancellationToken) => inner.echo(text, cancellationToken);
            public Task<int> calculate(Work? work, CancellationToken cancellationToken) => inner.calculate(work, cancellationToken);
            public Task<Dictionary<string, long>> sums(Dictionary<string, List<int>>? groups, CancellationToken cancellationToken) => inner.sums(groups, cancellationToken);
            public Task<List<Work>> history(Operation operation, HashSet<string>? tags, CancellationToken cancellationToken) => inner.history(operation, tags, cancellationToken);
            public Task<int> slow(int milliseconds, CancellationToken cancellationToken) => inner.slow(milliseconds, cancellationToken);
            public Task crash(CancellationToken cancellationToken) => inner.crash(cancellationToken);
            public Task<string> describe(string? @event, bool @checked, CancellationToken cancellationToken) => inner.describe(@event, @checked, cancellationToken);
            public Task note(string? text, CancellationToken cancellationToken) => inner.note(text, cancellationToken);
            public Task<int> add(int left, int right, CancellationToken cancellationToken) => Task.FromResult(left + right);
        }
        """;
}
