using Circuit.Calculators;

namespace ThriftBreaker.Integration.Tests;

/// <summary>Calls with the same results on every server of the calculator contract.</summary>
internal static class Calls
{
    public static Work DivideByZero => new(1, 0) { Operation = Operation.DIVIDE };

    public static async Task MakeEachKindAsync(Calculator.IAsync client)
    {
        var token = TestContext.Current.CancellationToken;
        await client.ping(token);
        Assert.Equal("grüße, 世界", await client.echo("grüße, 世界", token));
        Assert.Equal(42, await client.calculate(new Work(6, 7) { Operation = Operation.MULTIPLY }, token));
        Assert.Equal("launch: yes", await client.describe("launch", true, token));
        Assert.Equal(
            new Dictionary<string, long> { ["odd"] = 9, ["even"] = 6 },
            await client.sums(new Dictionary<string, List<int>> { ["odd"] = [1, 3, 5], ["even"] = [2, 4] }, token));
        var overflow = await Assert.ThrowsAsync<Overflow>(() => client.calculate(new Work(int.MaxValue, 2) { Operation = Operation.MULTIPLY }, token));
        Assert.Equal(int.MaxValue, overflow.Limit);
        await Assert.ThrowsAsync<DivisionByZero>(() => client.calculate(DivideByZero, token));
#pragma warning disable CS0618 // The deprecated method must work too.
        Assert.Equal(5, await client.@add(2, 3, token));
#pragma warning restore CS0618
    }
}
