using System.Threading.Tasks.Sources;

namespace ThriftBreaker.Runtime.Tests.Execution;

/// <summary>
/// The source of a pooled value task, which may be consumed once: it counts, and the second time throws.
/// </summary>
internal sealed class PooledSource(bool endsOnThisThread = false) : IValueTaskSource<int>, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<int> _core = new() { RunContinuationsAsynchronously = !endsOnThisThread };

    public int Consumed { get; private set; }

    public ValueTask<int> Task => new(this, _core.Version);

    public ValueTask VoidTask => new(this, _core.Version);

    public void Succeed(int result) => _core.SetResult(result);

    public void Fail(Exception error) => _core.SetException(error);

    int IValueTaskSource<int>.GetResult(short token)
    {
        Consumed++;
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            _core.Reset(); // Back in the pool: the version changes, and the old one is rejected.
        }
    }

    void IValueTaskSource.GetResult(short token) => ((IValueTaskSource<int>)this).GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _core.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _core.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _core.OnCompleted(continuation, state, token, flags);
}
