using Circuit.Calculators;
using ThriftBreaker.GeneratedCode;

namespace ThriftBreaker.Runtime.Tests.Outcomes;

/// <summary>
/// The user's lists and predicates: FailOn before Exclude before Ignore, and all of them before the rules.
/// </summary>
public sealed class OutcomeListsTests
{
    private static readonly ThriftMethod DivisionByZeroDeclared = new("calculate") { Throws = [typeof(DivisionByZero)] };
    private static readonly Type[] Files = [typeof(IOException)];
    private static readonly Exception Missing = new FileNotFoundException("missing");
    private static readonly Exception Other = new InvalidOperationException("other");

    public static TheoryData<CircuitBreakerOptions, CallOutcome> Orders => new()
    {
        { new() { Exclude = Files }, CallOutcome.Success },
        { new() { ExcludeWhen = static _ => true }, CallOutcome.Success },
        { new() { Ignore = Files }, CallOutcome.Ignored },
        { new() { IgnoreWhen = static _ => true }, CallOutcome.Ignored },
        { new() { FailOn = Files }, CallOutcome.Failure },
        { new() { FailOn = Files, Exclude = Files, Ignore = Files }, CallOutcome.Failure },
        { new() { FailOn = Files, ExcludeWhen = static _ => true, IgnoreWhen = static _ => true }, CallOutcome.Failure },
        { new() { Exclude = Files, Ignore = Files }, CallOutcome.Success },
        { new() { Exclude = Files, IgnoreWhen = static _ => true }, CallOutcome.Success },
        { new() { ExcludeWhen = static _ => true, Ignore = Files }, CallOutcome.Success },
        { new() { ExcludeWhen = static _ => false, Ignore = Files }, CallOutcome.Ignored },
        { new() { ExcludeWhen = static _ => false, IgnoreWhen = static _ => false }, CallOutcome.Failure },
        { new() { Exclude = [typeof(TimeoutException), typeof(IOException)] }, CallOutcome.Success },
        { new() { Exclude = [typeof(DirectoryNotFoundException)] }, CallOutcome.Failure },
        { new() { Exclude = [typeof(Exception)] }, CallOutcome.Success },
    };

    [Theory]
    [MemberData(nameof(Orders))]
    public void FirstMatchingList_Decides(CircuitBreakerOptions options, CallOutcome expected)
        => Assert.Equal(expected, Classify(options, Missing));

    [Theory]
    [InlineData(typeof(DivisionByZero), CallOutcome.Failure)]
    [InlineData(typeof(Exception), CallOutcome.Failure)]
    [InlineData(typeof(IOException), CallOutcome.Success)]
    public void FailOn_DeclaredException_IsAFailure(Type failOn, CallOutcome expected)
        => Assert.Equal(expected, Classify(new() { FailOn = [failOn] }, new DivisionByZero(), DivisionByZeroDeclared));

    [Fact]
    public void Ignore_DeclaredException_IsIgnored()
        => Assert.Equal(CallOutcome.Ignored, Classify(new() { Ignore = [typeof(DivisionByZero)] }, new DivisionByZero(), DivisionByZeroDeclared));

    [Theory]
    [InlineData(typeof(OperationCanceledException), CallOutcome.Success)]
    [InlineData(typeof(TaskCanceledException), CallOutcome.Cancelled)]
    public void Lists_Cancellation_Apply(Type exclude, CallOutcome expected)
        => Assert.Equal(
            expected, Classify(new() { Exclude = [exclude] }, new OperationCanceledException(), isCancelled: true));

    [Fact]
    public void RejectionByOtherCircuitBreaker_BeforeEveryList()
        => Assert.Equal(
            CallOutcome.Ignored,
            Classify(new() { FailOn = [typeof(Exception)], ExcludeWhen = static _ => true }, new CircuitOpenException(new CircuitBreaker())));

    [Fact]
    public void Predicate_GetsTheError()
    {
        var asked = new List<Exception>();

        Classify(
            new()
            {
                ExcludeWhen = error =>
                {
                    asked.Add(error);
                    return false;
                },
                IgnoreWhen = error =>
                {
                    asked.Add(error);
                    return false;
                },
            },
            Other);

        Assert.Equal([Other, Other], asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void PredicateThrows_IsReported_CallIsAFailure(bool exclude)
    {
        var broken = new NotSupportedException("broken");
        bool Broken(Exception error) => throw broken;
        var breaker = new CircuitBreaker(exclude ? new() { ExcludeWhen = Broken } : new() { IgnoreWhen = Broken });
        var reported = new List<Exception>();
        breaker.CallbackFailed += (_, thrown) => reported.Add(thrown.Exception);

        Assert.Same(Other, Record.Exception(() => breaker.Execute(() => throw Other)));

        Assert.Equal(1, breaker.FailureCount);
        Assert.Same(Other, breaker.LastException);
        Assert.Equal([broken], reported);
    }

    [Fact]
    public void PredicateThrows_DuringProbe_SlotIsReleased()
    {
        var breaker = new CircuitBreaker(new() { IgnoreWhen = static _ => throw new NotSupportedException("broken") });
        breaker.HalfOpen();

        Assert.Throws<TimeoutException>(() => breaker.Execute(static () => throw new TimeoutException()));

        Assert.Equal(CircuitState.Open, breaker.State);
    }

    private static CallOutcome Classify(CircuitBreakerOptions options, Exception error, ThriftMethod? method = null, bool isCancelled = false)
        => CallOutcomeClassifier.ClassifyException(new CircuitBreaker(options), elapsed: default, error, method, new CancellationToken(isCancelled));
}
