using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>
/// Clients that are compiled, loaded and called: which member of the inner object each member of the interface reaches.
/// </summary>
public sealed class LoadedMemberTests
{
    /// <summary>Calls a client with this circuit breaker and returns a description of the outcome.</summary>
    private delegate string Run(CircuitBreaker breaker);

    [Fact]
    public void OverrideOfADefaultMethodIsReached()
        => Assert.Equal(
            "own: bodyless, own: overridden, default: inherited",
            Call(
                """
                public interface IBase { string Overridden() => "default: overridden"; }

                [ThriftBreaker.CircuitBreaker]
                public interface IService : IBase { string Bodyless(); string Inherited() => "default: inherited"; }

                public sealed class Service : IService
                {
                    public string Bodyless() => "own: bodyless";

                    string IBase.Overridden() => "own: overridden";
                }
                """,
                """return $"{client.Bodyless()}, {client.Overridden()}, {client.Inherited()}";"""));

    [Fact]
    public void DefaultMethodIsGuarded()
        => Assert.Equal(
            "rejected",
            Call(
                """
                [ThriftBreaker.CircuitBreaker]
                public interface IService { string F() => "default"; }

                public sealed class Service : IService;
                """,
                """breaker.Open(); try { return client.F(); } catch (ThriftBreaker.CircuitOpenException) { return "rejected"; }"""));

    [Fact]
    public void DefaultMethodOfADerivedInterfaceIsReached()
        => Assert.Equal(
            "derived",
            Call(
                """
                public interface IBase { string F(); }

                [ThriftBreaker.CircuitBreaker]
                public interface IService : IBase { string IBase.F() => "derived"; }

                public sealed class Service : IService;
                """,
                "return client.F();"));

    [Fact]
    public void PropertiesIndexersAndEventsAreForwardedWhileTheCircuitIsOpen()
        => Assert.Equal(
            "3 5 x=7 raised raised",
            Call(
                """
                [ThriftBreaker.CircuitBreaker]
                public interface IService
                {
                    void F();

                    int Count { get; set; }

                    string this[string key, int number = 7] { get; }

                    ref int Cell { get; }

                    event Action Changed;
                }

                public sealed class Service : IService
                {
                    private int _cell = 4;

                    public void F() => Changed?.Invoke();

                    public int Count { get; set; } = 3;

                    public ref int Cell => ref _cell;

                    public string this[string key, int number] => $"{key}={number}";

                    public event Action? Changed;
                }
                """,
                """
                breaker.Open();
                client.Cell++;
                var result = $"{client.Count} {client.Cell} {client["x"]}";
                Action raise = () => result += " raised";
                client.Changed += raise;
                inner.F();
                inner.F();
                client.Changed -= raise;
                inner.F();
                return result;
                """));

    [Fact]
    public void BeginEndPairsAreForwardedWhileTheCircuitIsOpen()
        => Assert.Equal(
            "3",
            Call(
                """
                [ThriftBreaker.CircuitBreaker]
                public interface IService
                {
                    int add(int a, int b);

                    IAsyncResult Begin_add(AsyncCallback? callback, object? state, int a, int b);

                    int End_add(IAsyncResult result);
                }

                public sealed class Service : IService
                {
                    public int add(int a, int b) => a + b;

                    public IAsyncResult Begin_add(AsyncCallback? callback, object? state, int a, int b) => Task.FromResult(a + b);

                    public int End_add(IAsyncResult result) => ((Task<int>)result).Result;
                }
                """,
                """breaker.Open(); return $"{client.End_add(client.Begin_add(null, null, 1, 2))}";"""));

    [Fact]
    public void UntrackableResultIsForwardedWhileTheCircuitIsOpen()
        => Assert.Equal(
            "3 True",
            Call(
                """
                [ThriftBreaker.CircuitBreaker]
                public interface IService { void F(); ValueTask<int>? Value(); CustomTask Task(); }

                public sealed class CustomTask() : Task(static () => { });

                public sealed class Service : IService
                {
                    public void F() { }

                    public ValueTask<int>? Value() => new(3);

                    public CustomTask Task() { var task = new CustomTask(); task.RunSynchronously(); return task; }
                }
                """,
                """breaker.Open(); return $"{client.Value()?.Result} {client.Task().IsCompleted}";"""));

    [Fact]
    public void MembersThatHideEachOtherReachTheirImplementations()
        => Assert.Equal(
            "base derived 1 2 left right",
            Call(
                """
                public interface IBase { string F(); int P { get; } }

                public interface ILeft : IBase { string G(); }

                public interface IRight : IBase { string G(); }

                [ThriftBreaker.CircuitBreaker]
                public interface IService : ILeft, IRight { new string F(); new int P { get; } }

                public sealed class Service : IService
                {
                    string IBase.F() => "base";

                    string IService.F() => "derived";

                    int IBase.P => 1;

                    int IService.P => 2;

                    string ILeft.G() => "left";

                    string IRight.G() => "right";
                }
                """,
                """
                return $"{((IBase)client).F()} {client.F()} {((IBase)client).P} {client.P} {((ILeft)client).G()} {((IRight)client).G()}";
                """));

    [Fact]
    public void CallerInfoArgumentsAreThoseOfTheCaller()
        => Assert.Equal(
            "Run 1 + 2",
            Call(
                """
                [ThriftBreaker.CircuitBreaker]
                public interface IService
                {
                    string F(int a, [System.Runtime.CompilerServices.CallerMemberName] string b = "", [System.Runtime.CompilerServices.CallerArgumentExpression("a")] string c = "");
                }

                public sealed class Service : IService { public string F(int a, string b, string c) => $"{b} {c}"; }
                """,
                "return new ServiceCircuitBreakerClient(inner, breaker).F(1 + 2);"));

    private static string Call(string project, string script)
    {
        using var code = LoadedCode.Create(
            $$"""
            using System;
            using System.Threading.Tasks;

            {{project}}

            public static class Scenario
            {
                public static string Run(ThriftBreaker.CircuitBreaker breaker)
                {
                    var inner = new Service();
                    IService client = new ServiceCircuitBreakerClient(inner, breaker);
                    {{script}}
                }
            }
            """);
        return code.Method<Run>("Scenario", "Run")(new CircuitBreaker());
    }
}
