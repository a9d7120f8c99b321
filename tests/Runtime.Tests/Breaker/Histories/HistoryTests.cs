using CsCheck;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Runtime.Tests.Breaker.Histories;

/// <summary>
/// The invariants of the contract over random histories, and after each step a comparison with a model that is written from the
/// contract. A failure is shrunk and printed step by step, with the seed that brings it back. The clock has no wall clock (I11).
/// </summary>
public sealed class HistoryTests
{
    [Fact]
    public void WhateverHappensTheCircuitDoesWhatTheContractSays()
        => History.Any.Sample(
            HistoryRun.Play, iter: TestRun.Times(quick: 1_000, @long: 50_000), print: static history => history.ToString());
}
