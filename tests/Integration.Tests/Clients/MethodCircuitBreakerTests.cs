using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace ThriftBreaker.Integration.Tests.Clients;

/// <summary>A service with one circuit breaker, a method with other settings, and a bypassed method.</summary>
[CircuitBreaker(Name = "bookings", FailMax = 2, ResetTimeoutSeconds = 10)]
[CircuitBreakerMethod(nameof(IBooking.Pay), FailMax = 1, ProbeTimeoutSeconds = 33)]
[CircuitBreakerMethod(nameof(IBooking.Ping), Bypass = true)]
public interface IBooking
{
    Task Find(int number);

    Task Find(string name);

    Task Cancel();

    Task Pay();

    Task Ping();
}

/// <summary>The same service with a circuit breaker for each method.</summary>
[CircuitBreaker(Scope = CircuitBreakerScope.Method, FailMax = 2, ResetTimeoutSeconds = 10)]
[CircuitBreakerMethod(nameof(IBooking.Pay), FailMax = 1)]
[CircuitBreakerMethod(nameof(IBooking.Ping), Bypass = true)]
public interface ISeparateBooking : IBooking;

/// <summary>The circuit breaker of each method, its name and its origin.</summary>
public sealed class MethodCircuitBreakerTests
{
    private readonly Booking _inner = new();

    [Fact]
    public async Task MethodScope_OpensForOneMethodOnly()
    {
        await using var client = new SeparateBookingCircuitBreakerClient(_inner);

        await FailAsync(client.Cancel, client.Cancel);

        Assert.Equal(CircuitState.Open, client.GetCircuitBreaker(nameof(IBooking.Cancel)).State);
        await Assert.ThrowsAsync<CircuitOpenException>(client.Cancel);
        await client.Find(1);
        await client.Pay();
    }

    [Fact]
    public async Task Overloads_ShareACircuitBreaker()
    {
        await using var client = new SeparateBookingCircuitBreakerClient(_inner);

        await FailAsync(() => client.Find(1), () => client.Find("one"));

        await Assert.ThrowsAsync<CircuitOpenException>(() => client.Find(1));
        await Assert.ThrowsAsync<CircuitOpenException>(() => client.Find("one"));
    }

    [Fact]
    public async Task MethodAttribute_OverridesSettingsOfService()
    {
        await using var client = new BookingCircuitBreakerClient(_inner);

        Assert.Equal(
            BookingCircuitBreakerClient.DefaultOptions with { Name = "bookings.Pay", FailMax = 1, ProbeTimeout = TimeSpan.FromSeconds(33) },
            client.GetCircuitBreaker(nameof(IBooking.Pay)).Options);
        Assert.Equal(BookingCircuitBreakerClient.DefaultOptions, client.CircuitBreaker.Options);
    }

    [Fact]
    public async Task MethodAndServiceCircuitBreakers_AreIndependent()
    {
        await using var client = new BookingCircuitBreakerClient(_inner);

        await FailAsync(client.Pay);
        await Assert.ThrowsAsync<CircuitOpenException>(client.Pay);
        await client.Cancel();

        client.GetCircuitBreaker(nameof(IBooking.Pay)).Close();
        await FailAsync(client.Cancel, () => client.Find(1));
        await Assert.ThrowsAsync<CircuitOpenException>(() => client.Find("one"));
        await client.Pay();
    }

    [Fact]
    public async Task BypassedMethod_IsNeitherRejectedNorCounted()
    {
        await using var client = new BookingCircuitBreakerClient(_inner, new CircuitBreaker(BookingCircuitBreakerClient.DefaultOptions), new Booking());

        await FailAsync(client.Ping, client.Ping, client.Ping);
        Assert.Equal((CircuitState.Closed, 0), (client.CircuitBreaker.State, client.CircuitBreaker.FailureCount));

        client.CircuitBreaker.SetMode(CircuitMode.Isolated);
        client.GetCircuitBreaker(nameof(IBooking.Pay)).SetMode(CircuitMode.Isolated);
        await client.Ping();
        Assert.Equal(4, _inner.Calls);
    }

    [Fact]
    public async Task GetCircuitBreaker_ReturnsThatOfTheMethod()
    {
        await using var client = new BookingCircuitBreakerClient(_inner);

        Assert.Same(client.CircuitBreaker, client.GetCircuitBreaker(nameof(IBooking.Find)));
        Assert.Same(client.CircuitBreaker, client.GetCircuitBreaker(nameof(IBooking.Cancel)));
        Assert.NotSame(client.CircuitBreaker, client.GetCircuitBreaker(nameof(IBooking.Pay)));
    }

    [Theory]
    [InlineData("Ping", "'bookings.Ping' has no circuit breaker: its calls bypass it.")]
    [InlineData("Book", "'bookings' has no method 'Book'.")]
    [InlineData("pay", "'bookings' has no method 'pay'.")]
    public async Task GetCircuitBreaker_NoneOrUnknownMethod_Throws(string name, string message)
    {
        await using var client = new BookingCircuitBreakerClient(_inner);

        Assert.StartsWith(message, Assert.Throws<ArgumentException>("method", () => client.GetCircuitBreaker(name)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetCircuitBreaker_Null_Throws()
    {
        await using var client = new BookingCircuitBreakerClient(_inner);

        Assert.Throws<ArgumentNullException>("method", () => client.GetCircuitBreaker(null!));
    }

    [Fact]
    public void Factory_IsCalledOncePerCircuitBreaker()
    {
        var created = new List<string>();
        CircuitBreaker Create(CircuitBreakerOptions settings)
        {
            created.Add(settings.Name);
            return new CircuitBreaker(settings);
        }

        new BookingCircuitBreakerClient(_inner, Create).Dispose();
        new SeparateBookingCircuitBreakerClient(_inner, Create).Dispose();

        Assert.Equal(["bookings", "bookings.Pay", "SeparateBooking.Find", "SeparateBooking.Cancel", "SeparateBooking.Pay"], created);
    }

    [Fact]
    public async Task SharedCircuitBreakers_ShareTheirState()
    {
        var circuits = new ConcurrentDictionary<string, CircuitBreaker>();
        CircuitBreaker Shared(CircuitBreakerOptions settings) => circuits.GetOrAdd(settings.Name, static (_, made) => new CircuitBreaker(made), settings);
        await using var first = new SeparateBookingCircuitBreakerClient(_inner, Shared);
        await using var second = new SeparateBookingCircuitBreakerClient(_inner, Shared);

        await FailAsync(first.Cancel, second.Cancel);

        await Assert.ThrowsAsync<CircuitOpenException>(first.Cancel);
        await Assert.ThrowsAsync<CircuitOpenException>(second.Cancel);
    }

    [Fact]
    public async Task ClientsWithoutSharedCircuitBreakers_AreIndependent()
    {
        await using var first = new SeparateBookingCircuitBreakerClient(_inner);
        await using var second = new SeparateBookingCircuitBreakerClient(_inner);

        await FailAsync(first.Cancel, first.Cancel);

        await second.Cancel();
    }

    [Fact]
    public async Task GivenCircuitBreaker_IsThatOfServiceAndTemplateOfMethods()
    {
        var clock = new FakeTimeProvider();
        var shared = new CircuitBreaker(new CircuitBreakerOptions { Name = "shared", FailMax = 9, TimeProvider = clock });
        await using var client = new BookingCircuitBreakerClient(_inner, shared);

        var options = client.GetCircuitBreaker(nameof(IBooking.Pay)).Options;

        Assert.Same(shared, client.CircuitBreaker);
        Assert.Equal(("shared.Pay", 1, clock), (options.Name, options.FailMax, options.TimeProvider));
    }

    [Fact]
    public void Factory_ReturnsNull_Throws()
        => Assert.StartsWith(
            "It returned no circuit breaker for 'SeparateBooking.Find'.",
            Assert.Throws<ArgumentException>("circuitBreakers", () => new SeparateBookingCircuitBreakerClient(_inner, static _ => null!)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Constructor_NullArgument_Throws()
    {
        Assert.Throws<ArgumentNullException>("inner", () => new BookingCircuitBreakerClient(null!));
        Assert.Throws<ArgumentNullException>("inner", () => new SeparateBookingCircuitBreakerClient(null!));
        Assert.Throws<ArgumentNullException>("circuitBreaker", () => new BookingCircuitBreakerClient(_inner, (CircuitBreaker)null!));
        Assert.Throws<ArgumentNullException>("circuitBreakers", () => new BookingCircuitBreakerClient(_inner, (Func<CircuitBreakerOptions, CircuitBreaker>)null!));
        Assert.Throws<ArgumentNullException>("circuitBreakers", () => new SeparateBookingCircuitBreakerClient(_inner, null!));
    }

    /// <summary>Makes calls that fail with the exception of the server.</summary>
    private async Task FailAsync(params Func<Task>[] calls)
    {
        _inner.Error = new TimeoutException();
        foreach (var call in calls)
        {
            Assert.Same(_inner.Error, await Record.ExceptionAsync(call));
        }

        _inner.Error = null;
    }

    private sealed class Booking : ISeparateBooking
    {
        public Exception? Error { get; set; }

        public int Calls { get; private set; }

        public Task Find(int number) => Call();

        public Task Find(string name) => Call();

        public Task Cancel() => Call();

        public Task Pay() => Call();

        public Task Ping() => Call();

        private Task Call()
        {
            Calls++;
            return Error is null ? Task.CompletedTask : Task.FromException(Error);
        }
    }
}
