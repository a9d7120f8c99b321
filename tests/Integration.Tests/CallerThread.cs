using System.Collections.Concurrent;

namespace ThriftBreaker.Integration.Tests;

/// <summary>Specifies what binds a caller to its thread.</summary>
public enum CallerKind
{
    /// <summary>A synchronization context with one thread, as those of WPF and Windows Forms.</summary>
    SynchronizationContext,

    /// <summary>A task scheduler that runs one task at a time.</summary>
    TaskScheduler,

    /// <summary>A synchronization context, in a task of the scheduler over it.</summary>
    SchedulerOfContext,
}

/// <summary>A caller whose continuations run on one thread only: a blocking call must not depend on them.</summary>
internal sealed class CallerThread : IDisposable
{
    private readonly SingleThreadContext _context = new();
    private readonly TaskScheduler _scheduler;
    private readonly bool _isContext;

    public CallerThread(CallerKind kind)
    {
        _isContext = kind == CallerKind.SynchronizationContext;
        _scheduler = kind == CallerKind.TaskScheduler ? new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler : _context.CreateScheduler();
    }

    public static TheoryData<CallerKind> Kinds { get; } = [.. Enum.GetValues<CallerKind>()];

    /// <summary>The number of continuations that have been posted to the synchronization context.</summary>
    public int Posts => _context.Posts;

    /// <summary>Runs an action on the thread. Fails if it has not returned in time.</summary>
    public Task<T> RunAsync<T>(Func<T> action)
        => (_isContext ? _context.RunAsync(action) : Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.None, _scheduler))
            .WaitAsync(Deadline.Short, TestContext.Current.CancellationToken);

    public void Dispose() => _context.Dispose();

    private sealed class SingleThreadContext : SynchronizationContext, IDisposable
    {
#pragma warning disable CA2213 // A thread that hangs uses it after the test.
        private readonly BlockingCollection<Action> _work = [];
#pragma warning restore CA2213
        private int _posts;

        public SingleThreadContext() => new Thread(Run) { IsBackground = true, Name = "the only thread of the context" }.Start();

        public int Posts => Volatile.Read(ref _posts);

        public override void Post(SendOrPostCallback d, object? state)
        {
            Interlocked.Increment(ref _posts);
            _work.Add(() => d(state));
        }

        public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException();

        public override SynchronizationContext CreateCopy() => this;

        public Task<T> RunAsync<T>(Func<T> action)
        {
            var ended = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            _work.Add(() =>
            {
                try
                {
                    ended.SetResult(action());
                }
#pragma warning disable CA1031 // The test gets any exception in the task.
                catch (Exception error)
#pragma warning restore CA1031
                {
                    ended.SetException(error);
                }
            });
            return ended.Task;
        }

        public TaskScheduler CreateScheduler()
        {
            var before = Current;
            SetSynchronizationContext(this);
            try
            {
                return TaskScheduler.FromCurrentSynchronizationContext();
            }
            finally
            {
                SetSynchronizationContext(before);
            }
        }

        public void Dispose() => _work.CompleteAdding();

        private void Run()
        {
            SetSynchronizationContext(this);
            foreach (var action in _work.GetConsumingEnumerable())
            {
                action();
            }
        }
    }
}
