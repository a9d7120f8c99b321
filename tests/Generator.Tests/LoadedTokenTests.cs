using System.Globalization;
using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>The caller's own cancellation is ignored, whatever the token of the method looks like.</summary>
public sealed class LoadedTokenTests
{
    /// <summary>Makes a call with a token or with none, and returns the token that the service received.</summary>
    public delegate Task<CancellationToken?> MadeCall(CircuitBreaker circuitBreaker, CancellationToken? token, bool fails);

    public static TheoryData<string, string, string> Shapes { get; } = new()
    {
        { "void F(T token)", "{0}", "client.F({1});" },
        { "int F(T token)", "{0} return 1;", "client.F({1});" },
        { "Task F(T token)", "{0} return Task.CompletedTask;", "await client.F({1});" },
        { "Task<int> F(int a, T token)", "{0} return Task.FromResult(1);", "await client.F(1, {1});" },
        { "Task<int> F(T token, int a, int b, int c, int d)", "{0} return Task.FromResult(1);", "await client.F({1}, 1, 2, 3, 4);" },
        { "ValueTask F(T token)", "{0} return default;", "await client.F({1});" },
        { "ValueTask<int> F(T token, string a)", "{0} return new(1);", "await client.F({1}, \"\");" },
        { "Task F(in T token)", "{0} return Task.CompletedTask;", "var mine = {1}; await client.F(in mine);" },
        { "void F(Span<int> a, T token)", "{0}", "client.F(default, {1});" },
        { "IAsyncEnumerable<int> F(T token)", "return Items(); async IAsyncEnumerable<int> Items() {{ await Task.Yield(); {0} yield return 1; }}", "await foreach (var _ in client.F({1})) { }" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task CancellationByTheCallerIsIgnored(string method, string body, string call)
    {
        foreach (var type in new[] { "CancellationToken", "CancellationToken?" })
        {
            using var code = Load(method, body, call, type);
            var circuitBreaker = new CircuitBreaker(new() { FailMax = 1 });
            using var stop = new CancellationTokenSource();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => code.Method<MadeCall>("Scenario", "CallAsync")(circuitBreaker, stop.Token, true));

            Assert.Equal(CircuitState.Closed, circuitBreaker.State);
            Assert.Equal(0, circuitBreaker.FailureCount);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task ServiceGetsTheTokenOrNullUnchanged(string method, string body, string call)
    {
        using var code = Load(method, body, call, "CancellationToken?");
        using var stop = new CancellationTokenSource();
        var made = code.Method<MadeCall>("Scenario", "CallAsync");

        Assert.Equal(stop.Token, await made(new CircuitBreaker(), stop.Token, false));
        Assert.Equal(CancellationToken.None, await made(new CircuitBreaker(), CancellationToken.None, false));
        Assert.Null(await made(new CircuitBreaker(), null, false));
    }

    /// <summary>A cancelled token rejects the call before it is made.</summary>
    [Fact]
    public async Task CancelledNullableTokenRejectsTheCall()
    {
        using var code = Load("Task F(T token)", "{0} return Task.CompletedTask;", "await client.F({1});", "CancellationToken?");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => code.Method<MadeCall>("Scenario", "CallAsync")(new CircuitBreaker(), new CancellationToken(canceled: true), false));
    }

    /// <summary>A service whose call waits until the caller has cancelled it, or records its token.</summary>
    private static LoadedCode Load(string method, string body, string call, string type) => LoadedCode.Create(
        $$"""
        using System;
        using System.Collections.Generic;
        using System.Threading;
        using System.Threading.Tasks;

        [ThriftBreaker.CircuitBreaker]
        public interface IService { {{method.Replace("T token", type + " token", StringComparison.Ordinal)}}; }

        public sealed class Service : IService
        {
            public static CancellationTokenSource? Caller;
            public static CancellationToken? Received;

            public {{method.Replace("T token", type + " token", StringComparison.Ordinal)}}
            {
                {{string.Format(CultureInfo.InvariantCulture, body, "Receive(token);")}}
            }

            private static void Receive(CancellationToken? token)
            {
                Received = token;
                if (Caller is { } caller)
                {
                    caller.Cancel();
                    caller.Token.ThrowIfCancellationRequested();
                }
            }
        }

        public static class Scenario
        {
            public static async Task<CancellationToken?> CallAsync(ThriftBreaker.CircuitBreaker circuitBreaker, CancellationToken? token, bool fails)
            {
                await Task.Yield();
                using var caller = CancellationTokenSource.CreateLinkedTokenSource(token ?? default);
                Service.Caller = fails ? caller : null;
                IService client = new ServiceCircuitBreakerClient(new Service(), circuitBreaker);
                {{type}} given = {{(type == "CancellationToken" ? "fails ? caller.Token : token ?? default" : "fails ? caller.Token : token")}};
                {{call.Replace("{1}", "given", StringComparison.Ordinal)}}
                return Service.Received;
            }
        }
        """);
}
