using System.Text.RegularExpressions;
using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>A method as a service may have it, what its implementation does, and how it is called: C# that is compiled with the client.</summary>
/// <param name="Member">Its declaration.</param>
/// <param name="Body">What the service does after it has heard of the call.</param>
/// <param name="Heard">What it heard, as an interpolated text.</param>
/// <param name="Call">How <c>service</c> is called, and what came back, as a returned text.</param>
internal sealed partial record ServiceShape(string Member, string Heard, string Body, string Call)
{
    /// <summary>Whether the implementation is an async method: then its error is in the task, and not thrown before there is one.</summary>
    public bool IsAsync { get; init; }

    /// <summary>The circuit that guards it.</summary>
    public Guardian By { get; init; }

    private string Marks => By switch
    {
        Guardian.ScopeOfMethods => "[ThriftBreaker.CircuitBreaker(Scope = ThriftBreaker.CircuitBreakerScope.Method)]",
        Guardian.MarkOfTheMethod => $"[ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreakerMethod(\"{Name().Match(Member).Groups[1].Value}\")]",
        _ => "[ThriftBreaker.CircuitBreaker]",
    };

    /// <summary>Makes a call through a guarded client over a service that fails while there is an error, and tells what it hears.</summary>
    public delegate Func<Task<string>> Guard(CircuitBreaker breaker, Func<Exception?> error, Action<string> hear, bool withFallback);

    public LoadedCode Load() => LoadedCode.Of(
        $$"""
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using System.Threading;
        using System.Threading.Tasks;

        {{Marks}}
        public interface IService { {{Member}}; }

        public sealed class Service(string name, Func<Exception?> error, Action<string> hear) : IService
        {
            private readonly int[] _cells = [10, 20, 30];

            public int[] Cells => _cells;

            public {{(IsAsync ? "async " : "")}}{{Member}}
            {
                hear(name + $" heard {{Heard}}");
                {{(IsAsync ? "await Task.Yield();" : "")}}
                if (error() is { } thrown) { throw thrown; }
                {{Body}}
            }
        }

        public static class Scenario
        {
            public static Func<Task<string>> Guard(ThriftBreaker.CircuitBreaker breaker, Func<Exception?> error, Action<string> hear, bool withFallback)
            {
                IService client = new ServiceCircuitBreakerClient(
                    new Service("service", error, hear), {{(By == Guardian.Service ? "breaker" : "_ => breaker")}}, withFallback ? new Service("fallback", static () => null, hear) : null);
                return () => CallAsync(client);
            }

            private static {{(Call.Contains("await ", StringComparison.Ordinal) ? "async Task<string> CallAsync" : "Task<string> CallAsync(IService service) => Task.FromResult(Call(service)); private static string Call")}}(IService service)
            {
                {{Call}}
            }
        }
        """);

    [GeneratedRegex(@"(\w+)(?:<[\w, ]*>)?\(")]
    private static partial Regex Name();
}

/// <summary>Whose circuit guards a method.</summary>
public enum Guardian
{
    /// <summary>Its service's.</summary>
    Service,

    /// <summary>Its own, because each method of the service has one.</summary>
    ScopeOfMethods,

    /// <summary>Its own, because a mark says so of this method.</summary>
    MarkOfTheMethod,
}
