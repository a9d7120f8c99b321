using System.Diagnostics;

namespace ThriftBreaker.Runtime.Tests.Diagnostics;

/// <summary>Records the activities of the source "ThriftBreaker", within an activity of the caller.</summary>
internal sealed class ActivityRecorder : IDisposable
{
    private readonly ActivityListener _listener;

    public ActivityRecorder(ActivitySamplingResult sampling = ActivitySamplingResult.AllDataAndRecorded)
    {
        Caller = new Activity("caller") { IsAllDataRequested = true }.Start();
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "ThriftBreaker",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
            {
                SampledBy.AddRange(options.Tags!.Select(static tag => tag.Key));
                return sampling;
            },
            ActivityStopped = Stopped.Add,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public Activity Caller { get; }

    public List<Activity> Stopped { get; } = [];

    /// <summary>The tags that the sampler got.</summary>
    public List<string> SampledBy { get; } = [];

    public void Dispose()
    {
        _listener.Dispose();
        Caller.Dispose();
    }
}
