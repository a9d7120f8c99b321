using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace ThriftBreaker.GeneratedCode;

/// <summary>
/// Represents the synchronization context and the task scheduler of a caller, which a call leaves until this is
/// disposed. Used by generated code.
/// </summary>
/// <remarks>
/// Neither Thrift's library nor its generated code has <c>ConfigureAwait(false)</c>. On the context of the caller,
/// their continuations would wait for its only thread, which a blocking call does not release. The call would never
/// end, not even at its timeout.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
#pragma warning disable CA1815 // Nothing compares it.
public readonly struct CallerContext : IDisposable
#pragma warning restore CA1815
{
    private static readonly SynchronizationContext Pool = new ThreadPoolContext();

    private readonly SynchronizationContext? _context;
    private readonly bool _wasPresent;

    private CallerContext(SynchronizationContext? context) => (_context, _wasPresent) = (context, true);

    /// <summary>Gets whether the current thread has a context or a scheduler that a call must leave.</summary>
    internal static bool IsPresent
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => SynchronizationContext.Current is { } context
            ? context != Pool
            : TaskScheduler.Current != TaskScheduler.Default;
    }

    /// <summary>Returns to the context.</summary>
    public void Dispose()
    {
        if (_wasPresent)
        {
            SynchronizationContext.SetSynchronizationContext(_context);
        }
    }

    /// <summary>Leaves the context, if there is one. The caller must dispose the result on this thread.</summary>
    /// <remarks>
    /// A scheduler cannot be left without a lambda. A context takes precedence over it for each <c>await</c>.
    /// </remarks>
    internal static CallerContext Leave()
    {
        if (!IsPresent)
        {
            return default;
        }

        var left = new CallerContext(SynchronizationContext.Current);
        SynchronizationContext.SetSynchronizationContext(TaskScheduler.Current == TaskScheduler.Default ? null : Pool);
        return left;
    }

    /// <summary>Makes a call on this thread, without its context and on the default scheduler.</summary>
    internal static TResult Run<TState, TResult>(TState state, Func<TState, TResult> call)
    {
        using var left = Leave();
        return TaskScheduler.Current == TaskScheduler.Default ? call(state) : RunInTask(state, call);
    }

    /// <summary>The scheduler of the thread pool runs a task on the current thread if it is asked to.</summary>
    private static TResult RunInTask<TState, TResult>(TState state, Func<TState, TResult> call)
    {
        var task = new Task<TResult>(() => call(state), TaskCreationOptions.DenyChildAttach);
        task.RunSynchronously(TaskScheduler.Default);
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Posts to the thread pool, as the base class does, which <c>await</c> would ignore.</summary>
    private sealed class ThreadPoolContext : SynchronizationContext;
}
