using System.Text.RegularExpressions;
using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>
/// A method of a service with its implementation and a call of it, as C# that is compiled with the client.
/// </summary>
/// <param name="Member">Its declaration.</param>
/// <param name="Body">The implementation, after the call is recorded.</param>
/// <param name="Received">The recorded arguments, as an interpolated string.</param>
/// <param name="Call">The call of <c>service</c>, which returns its results as text.</param>
internal sealed partial record ServiceShape(string Member, string Received, string Body, string Call)
{
    /// <summary>
    /// Whether the implementation is an async method, whose error is in the task instead of thrown by the call.
    /// </summary>
    public bool IsAsync { get; init; }

    /// <summary>The scope of the circuit breaker that guards the method.</summary>
    public GuardedBy By { get; init; }

    private string Attributes => By switch
    {
        GuardedBy.MethodScope => "[ThriftBreaker.CircuitBreaker(Scope = ThriftBreaker.CircuitBreakerScope.Method)]",
        GuardedBy.MethodAttribute => $"[ThriftBreaker.CircuitBreaker, ThriftBreaker.CircuitBreakerMethod(\"{Name().Match(Member).Groups[1].Value}\")]",
        _ => "[ThriftBreaker.CircuitBreaker]",
    };

    /// <summary>
    /// Creates a call through a client over a service that throws the error, if there is one, and reports the received
    /// arguments.
    /// </summary>
    public delegate Func<Task<string>> Guard(CircuitBreaker breaker, Func<Exception?> error, Action<string> receive, bool withFallback);

    public LoadedCode Load() => LoadedCode.Create(
        $$"""
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using System.Threading;
        using System.Threading.Tasks;

        {{Attributes}}
        public interface IService { {{Member}}; }

        public sealed class Service(string name, Func<Exception?> error, Action<string> receive) : IService
        {
            private readonly int[] _cells = [10, 20, 30];

            public int[] Cells => _cells;

            public {{(IsAsync ? "async " : "")}}{{Member}}
            {
                receive(name + $" received {{Received}}");
                {{(IsAsync ? "await Task.Yield();" : "")}}
                if (error() is { } thrown) { throw thrown; }
                {{Body}}
            }
        }

        public static class Scenario
        {
            public static Func<Task<string>> Guard(ThriftBreaker.CircuitBreaker breaker, Func<Exception?> error, Action<string> receive, bool withFallback)
            {
                IService client = new ServiceCircuitBreakerClient(
                    new Service("service", error, receive), {{(By == GuardedBy.Service ? "breaker" : "_ => breaker")}}, withFallback ? new Service("fallback", static () => null, receive) : null);
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

/// <summary>The scope of the circuit breaker that guards a method.</summary>
public enum GuardedBy
{
    /// <summary>The circuit breaker of the service.</summary>
    Service,

    /// <summary>A separate circuit breaker, because each method of the service has one.</summary>
    MethodScope,

    /// <summary>A separate circuit breaker, because of an attribute for this method.</summary>
    MethodAttribute,
}
