using System.Diagnostics.CodeAnalysis;

namespace ThriftBreaker.Integration.Tests.Clients;

/// <summary>Members that require a newer compiler than that of the generator's tests.</summary>
[CircuitBreaker(FailMax = 1)]
public interface INewest
{
    int Sum(params ReadOnlySpan<int> numbers);

    int Count(params IReadOnlyList<int> numbers);

    T Echo<T>(T value)
        where T : allows ref struct;

    string Describe<T, TOther>(scoped T value, TOther other)
        where T : struct, allows ref struct
        where TOther : notnull;

    [UnscopedRef]
    ref int Cell();

    [UnscopedRef]
    ref int Slot { get; }
}

/// <summary>Interface members of C# 13 and later are protected too.</summary>
public sealed class NewestLanguageTests
{
    [Fact]
    public void ParamsCollections_ArePassedOn()
    {
        using var client = new NewestCircuitBreakerClient(new Service());

        Assert.Equal(6, client.Sum(1, 2, 3));
        Assert.Equal(3, client.Count(1, 2, 3));
    }

    [Fact]
    public void TypeArgument_CanBeASpan()
    {
        using var client = new NewestCircuitBreakerClient(new Service());

        Assert.Equal(2, client.Echo<ReadOnlySpan<int>>([1, 2]).Length);
        Assert.Equal("Span`1 x", client.Describe<Span<int>, string>([1], "x"));
    }

    /// <summary>The generated client does not repeat [UnscopedRef], which applies to structs only.</summary>
    [Fact]
    public void RefReturn_IsPassedOn()
    {
        using var client = new NewestCircuitBreakerClient(new Service());
        client.Cell() = 3;
        client.Slot++;

        Assert.Equal(4, client.Cell());
    }

    [Fact]
    public void OpenCircuit_RejectsCalls()
    {
        using var client = new NewestCircuitBreakerClient(new Service());
        client.CircuitBreaker.Open();

        Assert.Throws<CircuitOpenException>(() => client.Sum(1));
        Assert.Throws<CircuitOpenException>(() => client.Echo(1));
    }

    private sealed class Service : INewest
    {
        private int _cell;

        public ref int Slot => ref _cell;

        public ref int Cell() => ref _cell;

        public int Sum(params ReadOnlySpan<int> numbers)
        {
            var sum = 0;
            foreach (var number in numbers)
            {
                sum += number;
            }

            return sum;
        }

        public int Count(params IReadOnlyList<int> numbers) => numbers.Count;

        public T Echo<T>(T value)
            where T : allows ref struct
            => value;

        public string Describe<T, TOther>(scoped T value, TOther other)
            where T : struct, allows ref struct
            where TOther : notnull
            => $"{typeof(T).Name} {other}";
    }
}
