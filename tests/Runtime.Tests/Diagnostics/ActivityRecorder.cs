using System.Diagnostics;

namespace ThriftBreaker.Runtime.Tests.Telemetry;

/// <summary>A user's listener to the activity source "ThriftBreaker", and the caller's own activity around it.</summary>
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

    /// <summary>The tags that the sampler was shown.</summary>
    public List<string> SampledBy { get; } = [];

    public void Dispose()
    {
        _listener.Dispose();
        Caller.Dispose();
    }
}
