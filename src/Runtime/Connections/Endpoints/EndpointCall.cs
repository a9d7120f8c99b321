using ThriftBreaker.GeneratedCode;

namespace ThriftBreaker;

/// <summary>The right to make one call to one of several endpoints: one verdict for its circuit, and one end.</summary>
/// <remarks>
/// As <see cref="CallGuard"/> judges, but for the metrics: the call is counted where its caller entered, and would be counted twice.
/// </remarks>
internal struct EndpointCall(ChannelEndpoint endpoint, CallTicket ticket)
{
    private CallTicket _ticket = ticket;

    public readonly EndpointConnections Server => endpoint.Connections;

    /// <summary>The call has returned.</summary>
    public void Returned<T>(ThriftMethod method, T result)
    {
        if (_ticket.CircuitBreaker is not { } breaker || (_ticket.StartedAt == 0 && _ticket.TryCompleteHealthy()))
        {
            return;
        }

        try
        {
            var elapsed = breaker.ElapsedOf(_ticket);
            _ticket.CompleteAfter(elapsed, CallOutcomeClassifier.ClassifyResult(breaker, elapsed, method, result), failure: null);
        }
#pragma warning disable CA1031 // A clock is a guest: the caller has an answer, and gets it.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            breaker.Report(thrown);
        }
    }

    /// <summary>The call has thrown. Always false: made for an exception filter, which leaves the exception alone.</summary>
    public bool Failed(Exception error, ThriftMethod method, CancellationToken cancellationToken)
    {
        if (_ticket.CircuitBreaker is not { } breaker)
        {
            return false;
        }

        try
        {
            var elapsed = breaker.ElapsedOf(_ticket);
            var outcome = CallOutcomeClassifier.ClassifyException(breaker, elapsed, error, method, cancellationToken);
            _ticket.CompleteAfter(elapsed, outcome, outcome == CallOutcome.Failure ? error : null);
        }
#pragma warning disable CA1031 // As above, and a filter would swallow it without a word.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            breaker.Report(thrown);
        }

        return false;
    }

    /// <summary>The endpoint has one call less.</summary>
    public readonly void End() => endpoint.EndCall();
}
