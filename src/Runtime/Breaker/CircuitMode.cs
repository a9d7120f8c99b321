namespace ThriftBreaker;

/// <summary>Whether a circuit acts on its state, or has been told to do something else.</summary>
public enum CircuitMode
{
    /// <summary>Calls pass or are rejected as the state says.</summary>
    Auto = 0,

    /// <summary>Every call is rejected, without a timeout, until somebody resumes.</summary>
    Isolated = 1,

    /// <summary>Every call passes, and nothing is recorded.</summary>
    Disabled = 2,

    /// <summary>Every call passes; outcomes are recorded and the state moves as ever, and what would have been rejected is reported.</summary>
    ReportOnly = 3,
}
