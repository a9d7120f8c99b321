namespace ThriftBreaker.Dashboard.Circuits;

/// <summary>One circuit at one moment, as the page shows it.</summary>
/// <param name="Id">What the page calls it: names may be given twice. No other circuit has it, also not after a restart or in another process.</param>
/// <param name="Name">Its name.</param>
/// <param name="State">closed, open, half-open.</param>
/// <param name="Mode">auto, isolated, disabled, shadow.</param>
/// <param name="Failures">Failures since the last success.</param>
/// <param name="FailMax">How many of them open it.</param>
/// <param name="DueAt">While it is open: when a probe is admitted, in milliseconds of the server's Unix time.</param>
/// <param name="Calls">Calls that ended, per second; 0 while nobody looks at the page.</param>
/// <param name="Rejections">Rejections per second.</param>
/// <param name="LastFailure">The type of the last failure, and nothing else of it: a message may say what the service returned.</param>
internal sealed record CircuitView(
    string Id, string Name, string State, string Mode, int Failures, int FailMax, long? DueAt, double Calls, double Rejections, string? LastFailure)
{
    /// <summary>How far a moment may be off that is computed anew at each look.</summary>
    private const long Blur = 500;

    /// <summary>Whether there is nothing new to show.</summary>
    public bool LooksLike(CircuitView other)
        => this == other ||
           (DueAt is { } due && other.DueAt is { } otherDue && Math.Abs(due - otherDue) < Blur && this with { DueAt = otherDue } == other);
}
