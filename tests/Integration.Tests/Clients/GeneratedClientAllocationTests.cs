using ThriftBreaker.Runtime.Tests;

namespace ThriftBreaker.Integration.Tests.Clients;

/// <summary>A generated client allocates nothing for a call that its inner client completes synchronously.</summary>
/// <remarks>Not run in parallel: another test can enable the meter of the process, and measurements allocate.</remarks>
[Collection(nameof(NonParallel))]
public sealed class GeneratedClientAllocationTests : IDisposable
{
    private static readonly Dictionary<string, Func<IShapes, bool>> CallsByShape = new()
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

    private readonly ShapesCircuitBreakerClient _client = new(new SynchronousShapes());

    public static TheoryData<string> Names { get; } = [.. CallsByShape.Keys];

    public void Dispose() => _client.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void HealthyCall_AllocatesNothing(string shape)
    {
        var call = CallsByShape[shape];

        Allocations.None(() => Assert.True(call(_client)));
    }

    private static bool Succeeds(ValueTask call) => call.IsCompletedSuccessfully;

    private static bool Succeeds(ValueTask<int> call) => call.IsCompletedSuccessfully;

    private sealed class SynchronousShapes : IShapes
    {
        private readonly Task<int> _result = Task.FromResult(7);

        public void Run()
        {
        }

        public int Value(int number) => number;

        public Task Later() => Task.CompletedTask;

        public Task<int> ValueLater(int number, CancellationToken cancellationToken) => _result;

        public ValueTask Soon() => default;

        public ValueTask<int> ValueSoon(int number) => new(number);
    }
}
