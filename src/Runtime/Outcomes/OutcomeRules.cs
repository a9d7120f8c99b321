using System.Net.Sockets;
using Thrift;
using Thrift.Protocol;
using Thrift.Transport;

namespace ThriftBreaker;

/// <summary>What the end of a call says about the service, where the user has set nothing else. The first rule that matches holds.</summary>
internal static class OutcomeRules
{
    /// <summary>
    /// A call that returned. A oneway method saw no reply, so it cannot vouch for the service: neither as a probe, nor for the
    /// failures of calls that do wait for an answer. Where its circuit guards no such calls it must.
    /// </summary>
    public static CallOutcome OfReturn(ThriftMethod? method)
        => method is { Vouches: false } ? CallOutcome.Ignored : CallOutcome.Success;

    /// <summary>A call that threw.</summary>
    /// <param name="error">What it threw.</param>
    /// <param name="method">Its contract; null for calls that have none.</param>
    /// <param name="callerToken">The token that the caller handed in.</param>
    public static CallOutcome OfException(Exception error, ThriftMethod? method, CancellationToken callerToken) => error switch
    {
        // Of another circuit: one after the other must not open. A trip is the service's own error in other words.
        CircuitOpenException { IsTrip: true, InnerException: { } own } => OfException(own, method, callerToken),
        CircuitOpenException => CallOutcome.Ignored,

        _ when callerToken.IsCancellationRequested && IsCancellation(error) => CallOutcome.Cancelled,

        // Too many calls on this side, while the server answers as it should.
        BulkheadFullException or AcquireTimeoutException { ServerResponded: true } => CallOutcome.Ignored,

        OperationCanceledException or TimeoutException => CallOutcome.Failure,

        // The server answered, and the answer is part of the contract.
        TException when IsDeclared(error, method) => CallOutcome.Success,

        TApplicationException application => OfApplicationError(application.Type),

        // The caller's own side was closed while the call was under way.
        ObjectDisposedException or TTransportException { InnerException: ObjectDisposedException } => CallOutcome.Ignored,
        SocketException or IOException when IsOwnAbort(error) => CallOutcome.Ignored,

        _ => CallOutcome.Failure,
    };

    private static CallOutcome OfApplicationError(TApplicationException.ExceptionType type) => type switch
    {
        // The two sides disagree about the contract. The server is alive; waiting will not mend it.
        TApplicationException.ExceptionType.UnknownMethod or
        TApplicationException.ExceptionType.WrongMethodName or
        TApplicationException.ExceptionType.InvalidMessageType or
        TApplicationException.ExceptionType.InvalidProtocol or
        TApplicationException.ExceptionType.UnsupportedClientType => CallOutcome.Ignored,

        // The handler returned null: alive, and in many services the way to say "not found".
        TApplicationException.ExceptionType.MissingResult => CallOutcome.Ignored,

        _ => CallOutcome.Failure,
    };

    /// <summary>Thrift's HTTP transport wraps a cancellation in a transport exception of type Interrupted.</summary>
    private static bool IsCancellation(Exception error)
        => error is OperationCanceledException or
           TTransportException { Type: TTransportException.ExceptionType.Interrupted, InnerException: OperationCanceledException };

    /// <summary>The Thrift compiler makes declared exceptions structs of the protocol; the library's own are not.</summary>
    private static bool IsDeclared(Exception error, ThriftMethod? method)
        => method?.Throws is { } declared ? declared.Any(type => type.IsInstanceOfType(error)) : error is TBase;

    private static bool IsOwnAbort(Exception error)
        => (error as SocketException ?? error.InnerException as SocketException)?.SocketErrorCode == SocketError.OperationAborted;
}
