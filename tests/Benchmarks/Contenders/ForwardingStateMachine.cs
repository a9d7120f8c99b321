using System.Runtime.CompilerServices;

namespace ThriftBreaker.Benchmarks.Contenders;

/// <summary>
/// Awaits a task and forwards its result or exception without a second throw: the minimum cost of awaiting a task.
/// </summary>
internal struct ForwardingStateMachine : IAsyncStateMachine
{
    private AsyncTaskMethodBuilder<int> _builder;
    private Task<int> _call;

    public static Task<int> Start(Task<int> call)
    {
        var stateMachine = new ForwardingStateMachine { _builder = AsyncTaskMethodBuilder<int>.Create(), _call = call };
        stateMachine._builder.Start(ref stateMachine);
        return stateMachine._builder.Task;
    }

    public void MoveNext()
    {
        if (!_call.IsCompleted)
        {
            var awaiter = _call.ConfigureAwait(false).GetAwaiter();
            _builder.AwaitUnsafeOnCompleted(ref awaiter, ref this);
        }
        else if (_call.IsCompletedSuccessfully)
        {
            _builder.SetResult(_call.GetAwaiter().GetResult());
        }
        else
        {
            _builder.SetException(_call.Exception!.InnerException!);
        }
    }

    public void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }
}
