using System.Runtime.CompilerServices;

namespace ThriftBreaker.Benchmarks.Contenders;

/// <summary>Awaits a call and hands its end on, without a second throw: what any watch over a task costs at least.</summary>
internal struct ForwardingWatch : IAsyncStateMachine
{
    private AsyncTaskMethodBuilder<int> _callers;
    private Task<int> _call;

    public static Task<int> Start(Task<int> call)
    {
        var watch = new ForwardingWatch { _callers = AsyncTaskMethodBuilder<int>.Create(), _call = call };
        watch._callers.Start(ref watch);
        return watch._callers.Task;
    }

    public void MoveNext()
    {
        if (!_call.IsCompleted)
        {
            var awaiter = _call.ConfigureAwait(false).GetAwaiter();
            _callers.AwaitUnsafeOnCompleted(ref awaiter, ref this);
        }
        else if (_call.IsCompletedSuccessfully)
        {
            _callers.SetResult(_call.GetAwaiter().GetResult());
        }
        else
        {
            _callers.SetException(_call.Exception!.InnerException!);
        }
    }

    public void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }
}
