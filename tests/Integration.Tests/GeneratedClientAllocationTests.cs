using ThriftBreaker.Runtime.Tests;

namespace ThriftBreaker.Integration.Tests;

/// <summary>A generated client adds no byte to a call that its inner client answers at once.</summary>
/// <remarks>Run alone: another test may listen to the meter of the process, and measuring a call costs something.</remarks>
[Collection(nameof(Alone))]
public sealed class GeneratedClientAllocationTests : IDisposable
{
    private static readonly Dictionary<string, Func<IShapes, bool>> CallOfEachShape = new()
    {
        [nameof(IShapes.Run)] = static shapes =>
        {
            shapes.Run();
            return true;
        },
        [nameof(IShapes.Value)] = static shapes => shapes.Value(7) == 7,
        [nameof(IShapes.Later)] = static shapes => shapes.Later().IsCompletedSuccessfully,
        [nameof(IShapes.ValueLater)] = static shapes => shapes.ValueLater(7).IsCompletedSuccessfully,
        [nameof(IShapes.Soon)] = static shapes => Succeeds(shapes.Soon()),
        [nameof(IShapes.ValueSoon)] = static shapes => Succeeds(shapes.ValueSoon(7)),
    };

    private readonly ShapesCircuitBreakerClient _client = new(new AnsweredShapes());

    public static TheoryData<string> Names { get; } = [.. CallOfEachShape.Keys];

    public void Dispose() => _client.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void AHealthyCallAllocatesNothing(string shape)
    {
        var call = CallOfEachShape[shape];

        Allocations.None(() => Assert.True(call(_client)));
    }

    private static bool Succeeds(ValueTask call) => call.IsCompletedSuccessfully;

    private static bool Succeeds(ValueTask<int> call) => call.IsCompletedSuccessfully;

    private sealed class AnsweredShapes : IShapes
    {
        private readonly Task<int> _answer = Task.FromResult(7);

        public void Run()
        {
        }

        public int Value(int number) => number;

        public Task Later() => Task.CompletedTask;

        public Task<int> ValueLater(int number, CancellationToken cancellationToken) => _answer;

        public ValueTask Soon() => default;

        public ValueTask<int> ValueSoon(int number) => new(number);
    }
}

/// <summary>Tests that other tests would disturb.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
