using System.Globalization;
using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>
/// TB0009: members that are not calls to a server are forwarded to the inner object, with a diagnostic on the user's
/// line.
/// </summary>
public sealed class ForwardingTests
{
    private const string Attribute = "[ThriftBreaker.CircuitBreaker] ";
    private const string NoCall = "only methods are calls to a server";
    private const string Half = "a Begin_ and its End_ are one call in two halves; the task or the synchronous method is guarded";

    [Theory]
    [InlineData("int Count { get; }", "Count", "Count", NoCall)]
    [InlineData("int this[int index] { get; set; }", "this[]", "this", NoCall)]
    [InlineData("event System.Action Changed;", "Changed", "Changed", NoCall)]
    public void MemberThatIsNotACallIsForwarded(string member, string name, string culprit, string reason)
        => Assert.Equal([("TB0009", $"'IOrders.{name}' is not protected by the circuit breaker: {reason}", culprit)], Reports($"void f(); {member}"));

    [Fact]
    public void BeginEndPairsAreForwarded()
        => Assert.Equal(
            [("TB0009", $"'IOrders.Begin_add' is not protected by the circuit breaker: {Half}", "Begin_add"), ("TB0009", $"'IOrders.End_add' is not protected by the circuit breaker: {Half}", "End_add")],
            Reports("int add(int a); System.IAsyncResult Begin_add(System.AsyncCallback? callback, object? state, int a); int End_add(System.IAsyncResult result);"));

    [Theory]
    [InlineData("System.IAsyncResult Begin_add(int a);")]
    [InlineData("int Begin_add(int a); int End_add(System.IAsyncResult result);")]
    [InlineData("System.IAsyncResult Begin_add(int a); int End_add();")]
    [InlineData("System.IAsyncResult Begin_add(int a); int End_sub(System.IAsyncResult result);")]
    public void MethodsThatAreNotABeginEndPairAreGuarded(string members) => Assert.DoesNotContain("TB0009", Reports(members).Select(static report => report.Id));

    [Theory]
    [InlineData("Later g();")]
    [InlineData("MyTask g();")]
    [InlineData("MyTask? g(int a);")]
    [InlineData("ref System.Threading.Tasks.Task g();")]
    [InlineData("System.Threading.Tasks.ValueTask? g();")]
    [InlineData("System.Threading.Tasks.ValueTask<int>? g();")]
    [InlineData("System.Runtime.CompilerServices.ConfiguredTaskAwaitable<int> g();")]
    [InlineData("System.Runtime.CompilerServices.ConfiguredCancelableAsyncEnumerable<int> g();")]
    [InlineData("System.Collections.Generic.IAsyncEnumerator<int> g();")]
    [InlineData("ref readonly System.Collections.Generic.IAsyncEnumerable<int> g();")]
    [InlineData("IMyStream g();")]
    [InlineData("MyStream g();")]
    [InlineData("T g<T>() where T : MyTask;")]
    [InlineData("U g<T, U>() where T : class, System.Collections.Generic.IAsyncEnumerable<int> where U : T;")]
    public void UntrackableAsynchronousResultIsForwarded(string member)
        => Assert.Equal(
            [("TB0009", "'IOrders.g' is not protected by the circuit breaker: it returns before its call has ended, and only a Task, a ValueTask or an IAsyncEnumerable reports the outcome; return one of these", "g")],
            Reports($"void f(); {member} }} {Results} public interface IOther {{"));

    [Theory]
    [InlineData("System.Threading.Tasks.Task? g();")]
    [InlineData("System.Threading.Tasks.ValueTask<MyTask> g();")]
    [InlineData("System.Threading.Tasks.Task[] g();")]
    [InlineData("System.Lazy<System.Threading.Tasks.Task> g();")]
    [InlineData("System.Collections.Generic.List<MyTask> g();")]
    [InlineData("System.IObservable<int> g();")]
    [InlineData("dynamic g();")]
    [InlineData("object g();")]
    [InlineData("int? g();")]
    [InlineData("T g<T>();")]
    public void AnyOtherResultIsGuarded(string member)
        => Assert.DoesNotContain("TB0009", Reports($"void f(); {member} }} {Results} public interface IOther {{").Select(static report => report.Id));

    [Fact]
    public void MemberOfAnotherProjectIsReportedAtTheServiceType()
        => Assert.Equal(
            [("TB0009", $"'INotifyPropertyChanged.PropertyChanged' is not protected by the circuit breaker: {NoCall}", "IOrders")],
            GeneratorRun.Create(Attribute + "public interface IOrders : System.ComponentModel.INotifyPropertyChanged { void f(); }").Problems.Select(Report.From));

    [Fact]
    public void ServiceOfBeginEndPairsOnlyIsTB0002()
        => Assert.Equal(
            [("TB0002", "'IOrders' is marked with [CircuitBreaker], but 'IOrders' has only methods that are forwarded without a circuit breaker; there is nothing to guard")],
            Reports("System.IAsyncResult Begin_f(); void End_f(System.IAsyncResult result);").Select(static report => (report.Id, report.Message)));

    [Theory]
    [InlineData("Count")]
    [InlineData("Begin_f")]
    public void MethodAttributeForAForwardedMemberIsTB0007(string member)
        => Assert.Equal(
            ("TB0007", $"This [CircuitBreakerMethod] cannot be applied: '{member}' is forwarded without a circuit breaker in any case; remove this attribute"),
            GeneratorRun.Create(Attribute + $"[ThriftBreaker.CircuitBreakerMethod(\"{member}\")] public interface IOrders {{ void f(); int Count {{ get; }} System.IAsyncResult Begin_f(); void End_f(System.IAsyncResult result); }}")
                .Problems.Where(static problem => problem.Id == "TB0007").Select(static problem => (problem.Id, problem.GetMessage(CultureInfo.InvariantCulture))).Single());

    [Theory]
    [InlineData("int Count { get; set; } string? Name { get; } int Size { set; } System.Collections.Generic.List<string?> Names { get; }")]
    [InlineData("ref int Cell { get; } ref readonly int Fixed { get; } ref int this[int a] { get; }")]
    [InlineData("int this[int a] { get; } int this[string a, int b = 3] { get; set; } int this[params long[] all] { get; } string this[in decimal a] { set; }")]
    [InlineData("int this[int _calls, string @event] { get; set; } dynamic this[dynamic? key] { get; set; } dynamic? Anything { get; set; }")]
    [InlineData("[System.Runtime.CompilerServices.IndexerName(\"Items\")] int this[int a] { get; set; } int Item { get; } void get_Item(int a); void set_Items(int a);")]
    [InlineData("void get_Count(int a); void set_Name(int a); void add_Changed(int a); int Count { get; } string Name { get; } event System.Action? Changed;")]
    [InlineData("int CircuitBreaker { get; } int Dispose { get; set; } event System.Action DefaultOptions; int Methods { get; } int Equals { get; } int _calls { get; }")]
    [InlineData("int Count { get => 3; set { } } int Half { get => 3; private set { } } int Same { private get => 3; set { } } sealed int Fixed => 4; private int Hidden => 5;")]
    [InlineData("int Mixed { get; internal set; } internal int Inside { get; set; } protected internal int Wide { get; internal set; } internal event System.Action Inner; internal int this[int a] { get; }")]
    [InlineData("[System.Obsolete(\"gone\")] int Count { get; } int Old { [System.Obsolete] get; [System.Obsolete(\"never\", true)] set; } [System.Obsolete] event System.Action Changed;")]
    [InlineData("[System.Diagnostics.CodeAnalysis.AllowNull] string Name { get; set; } [System.Diagnostics.CodeAnalysis.MaybeNull] string Other { get; [param: System.Diagnostics.CodeAnalysis.AllowNull] set; }")]
    [InlineData("static int Total { get; set; } static event System.Action Sum { add { } remove { } } static virtual int Own => 3; const int Most = 3;")]
    [InlineData("int @class { get; set; } event System.EventHandler<(int A, string? B)>? @event; int this[int @base] { get; }")]
    public void EveryPropertyIndexerAndEventIsImplementedWithoutAWarning(string members)
        => GeneratorRun.Create(Attribute + $"public interface IOrders {{ void f(); {members} }}");

    [Theory]
    [InlineData("interface IA { int P { get; } } interface IB : IA { new int P { get; set; } }", "IB")]
    [InlineData("interface IA { int P { get; } } interface IB { string P { get; } } interface IC { void P(); }", "IA, IB, IC")]
    [InlineData("interface IA { int this[int a] { get; } } interface IB { int this[int b] { set; } } interface IC { int Item { get; } }", "IA, IB, IC")]
    [InlineData("interface IA { int this[int a] { get; } } interface IB { int this[int b] { set; } } interface IC { int Item { get; } }", "IC, IA, IB")]
    [InlineData("interface IA { event System.Action E; } interface IB { event System.Action E; } interface IC { int E { get; } }", "IA, IB, IC")]
    [InlineData("interface IA { void Item(); } interface IB { int this[int a] { get; } } interface IC { void get_Item(int a); }", "IA, IB, IC")]
    [InlineData("interface IA { void P(); int get_Q(); void add_E(System.Action a); } interface IB { int P { get; } int Q { get; } event System.Action E; }", "IA, IB")]
    [InlineData("interface IA<T> { T P { get; set; } T this[T a] { get; } event System.Action<T> E; }", "IA<int>, IA<string?>")]
    [InlineData("interface IA { int P { get; } event System.Action E; } interface IB : IA { int IA.P => 3; event System.Action IA.E { add { } remove { } } }", "IB")]
    [InlineData("interface IA { int P => 3; } interface IB : IA { abstract int IA.P { get; } }", "IB")]
    public void InheritedPropertiesAndEventsMayCollide(string bases, string list)
        => GeneratorRun.Create($"{bases} {Attribute} interface IOrders : {list} {{ void f(); }}");

    private const string Results =
        """
        public class MyTask(System.Action action) : System.Threading.Tasks.Task(action);
        public class Later { public System.Runtime.CompilerServices.TaskAwaiter GetAwaiter() => default; }
        public interface IMyStream : System.Collections.Generic.IAsyncEnumerable<int>;
        public class MyStream : System.Collections.Generic.IAsyncEnumerable<int>
        {
            System.Collections.Generic.IAsyncEnumerator<int> System.Collections.Generic.IAsyncEnumerable<int>.GetAsyncEnumerator(System.Threading.CancellationToken token) => null!;
        }
        """;

    private static IEnumerable<(string Id, string Message, string Text)> Reports(string members)
        => GeneratorRun.Create(Attribute + $"public interface IOrders {{ {members} }}").Problems.Select(Report.From);
}
