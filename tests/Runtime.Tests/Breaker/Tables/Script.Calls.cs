using System.Globalization;
using Circuit.Calculators;

namespace ThriftBreaker.Runtime.Tests.Breaker.Tables;

// Words for calls.
internal sealed partial class Script
{
    private static readonly Dictionary<string, CallOutcome> Outcomes = new()
    {
        ["S"] = CallOutcome.Success,
        ["F"] = CallOutcome.Failure,
        ["I"] = CallOutcome.Ignored,
        ["C"] = CallOutcome.Cancelled,
    };

    private readonly InvalidOperationException _error = new("an error of the function");
    private readonly Queue<CallTicket> _inFlight = [];
    private readonly object _answer = new();
    private TaskCompletionSource<object> _end = new();
    private Task<object>? _begun;

    private bool TryCall(string word)
    {
        switch (word)
        {
            case "S":
                Succeed();
                return true;

            case "F":
                Throw(_error);
                return true;

            case "T":
                Assert.Same(_error, Assert.Throws<CircuitOpenException>(Fail).InnerException);
                return true;

            case "R":
                Assert.Throws<CircuitOpenException>(() => CircuitBreaker.Execute(static () => Assert.Fail("A rejected call must not run.")));
                return true;

            case "I" or "C":
                _circuit.Play(word);
                return true;

            case "S~" or "F~":
                _circuit.Call(Outcomes[word[..1]], CircuitBreaker.Options.SlowCallDuration!.Value);
                return true;

            case "enter" or "probe":
                var ticket = _circuit.Enter();
                Assert.Equal(word == "probe", ticket.IsProbe);
                _inFlight.Enqueue(ticket);
                return true;
        }

        switch (word.Split(':', 'x'))
        {
            case ["end", var outcome]:
                End(_inFlight.Dequeue(), Outcomes[outcome]);
                return true;

            case ["throw", var what]:
                Throw(Thrown(what));
                return true;

            case [var threads, var calls] when char.IsDigit(threads[0]):
                FailOnThreads(int.Parse(threads, CultureInfo.InvariantCulture), int.Parse(calls.TrimEnd('F'), CultureInfo.InvariantCulture));
                return true;
        }

        return false;
    }

    private async Task<bool> TryBeginOrFinishAsync(string word)
    {
        switch (word)
        {
            case "begin":
                _end = new TaskCompletionSource<object>();
                _begun = CircuitBreaker.ExecuteAsync(_ => _end.Task);
                return true;

            case "finish:S":
                Assert.False(_begun!.IsCompleted);
                _end.SetResult(_answer);
                Assert.Same(_answer, await _begun);
                return true;

            case "finish:F":
                Assert.False(_begun!.IsCompleted);
                _end.SetException(_error);
                Assert.Same(_error, await Record.ExceptionAsync(() => _begun));
                return true;
        }

        return false;
    }

    private void Succeed()
    {
        var runs = 0;
        Assert.Same(_answer, CircuitBreaker.Execute(() =>
        {
            runs++;
            return _answer;
        }));
        Assert.Equal(1, runs);
    }

    private void Fail() => CircuitBreaker.Execute(() => throw _error);

    private void Throw(Exception error) => Assert.Same(error, Record.Exception(() => CircuitBreaker.Execute(() => throw error)));

    private static Exception Thrown(string what) => what switch
    {
        "IO" => new IOException(what),
        "FileNotFound" => new FileNotFoundException(what),
        "DirectoryNotFound" => new DirectoryNotFoundException(what),
        "declared" => new DivisionByZero(),
        _ => new InvalidOperationException(what),
    };

    /// <summary>Complete returns true exactly for the outcome that opens the circuit.</summary>
    private void End(CallTicket ticket, CallOutcome outcome)
    {
        var before = Changes.Count;
        var opened = ticket.Complete(outcome, outcome == CallOutcome.Failure ? _error : null);
        Assert.Equal(Changes.Skip(before).Any(static change => change.To == CircuitState.Open), opened);
    }

    private void FailOnThreads(int threads, int callsOfEach) => Race.Run(threads, _ =>
    {
        for (var call = 0; call < callsOfEach; call++)
        {
            Assert.ThrowsAny<Exception>(Fail);
        }
    });
}
