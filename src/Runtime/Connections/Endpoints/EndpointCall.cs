namespace ThriftBreaker;

/// <summary>
/// Represents a call to one of several endpoints: reports its outcome to the endpoint's circuit breaker, and its end to
/// the endpoint.
/// </summary>
/// <remarks>
/// The call does not count in the metrics of calls: the circuit breaker of the client counts it already.
/// </remarks>
internal struct EndpointCall(ChannelEndpoint endpoint, CallTicket ticket)
{
    private CallTicket _ticket = ticket;

    public readonly EndpointConnections Server => endpoint.Connections;

    /// <summary>Records the outcome of a call that returned.</summary>
    public void Returned<T>(ThriftMethod method, T result)
    {
        if (!CallOutcomeRecorder.TryRecordHealthy(ref _ticket))
        {
            CallOutcomeRecorder.RecordReturn(endpoint.CircuitBreaker, ref _ticket, method, result, isMeasured: false);
        }
    }

    /// <summary>Records the outcome of a call that threw.</summary>
    public void Failed(Exception error, ThriftMethod method, CancellationToken cancellationToken)
        => CallOutcomeRecorder.RecordException(endpoint.CircuitBreaker, ref _ticket, error, method, isMeasured: false, cancellationToken);

    /// <summary>Removes the call from the active calls of the endpoint.</summary>
    public readonly void End() => endpoint.EndCall();
}
