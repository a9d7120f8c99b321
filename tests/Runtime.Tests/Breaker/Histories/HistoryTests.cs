using CsCheck;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Runtime.Tests.Breaker.Histories;

/// <summary>
/// Checks the invariants of docs/breaker.md over random histories, and compares the circuit breaker with the model
/// after each step. A failure is shrunk and printed step by step, with the seed that reproduces it. The clock has no
/// wall clock (I11).
/// </summary>
public sealed class HistoryTests
{
    [Fact]
    public void RandomHistory_MatchesTheModel()
        => History.Any.Sample(
            HistoryRun.Play, iter: TestRun.Times(quick: 1_000, @long: 50_000), print: static history => history.ToString());
}
