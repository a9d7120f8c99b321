using System.Net.Sockets;
using Thrift;
using Thrift.Protocol;
using Thrift.Transport;

namespace ThriftBreaker;

/// <summary>
/// The outcomes of calls for which the user has set nothing else. The first rule that matches applies.
/// </summary>
internal static class OutcomeRules
{
    /// <summary>
    /// Classifies a call that returned. A oneway method gets no reply, so its success says nothing about the service:
    /// it neither succeeds as a probe nor resets the failures of calls that wait for an answer. It counts only if its
    /// circuit breaker protects no such calls.
    /// </summary>
    public static CallOutcome ClassifyResult(ThriftMethod? method)
        => method is { ReturnIsSuccess: false } ? CallOutcome.Ignored : CallOutcome.Success;

    /// <summary>Classifies a call that threw.</summary>
    /// <param name="error">The exception.</param>
    /// <param name="method">The contract; null for calls without one.</param>
    /// <param name="callerToken">The caller's token.</param>
    public static CallOutcome ClassifyException(Exception error, ThriftMethod? method, CancellationToken callerToken) => error switch
    {
        // Of another circuit breaker: a chain of them must not open one after the other. A trip stands for the
        // service's error.
        CircuitOpenException { IsTrip: true, InnerException: { } original } => ClassifyException(original, method, callerToken),
        CircuitOpenException => CallOutcome.Ignored,

        // Also inside another exception: transports, streams and user code wrap it.
        _ when callerToken.IsCancellationRequested && IsCancellation(error) => CallOutcome.Cancelled,

        // Nothing was asked of the service.
        _ when RequestErrors.IsKnown(error) => CallOutcome.Ignored,

        // Too many calls on this side, while the server responds.
        BulkheadFullException or AcquireTimeoutException { ServerResponded: true } => CallOutcome.Ignored,

        OperationCanceledException or TimeoutException => CallOutcome.Failure,

        // The server answered, and the answer is part of the contract.
        TException when IsDeclared(error, method) => CallOutcome.Success,

        TApplicationException application => ClassifyApplicationError(application.Type),

        // The client's side was closed while the call was in flight.
        ObjectDisposedException or TTransportException { InnerException: ObjectDisposedException } => CallOutcome.Ignored,
        SocketException or IOException when IsOwnAbort(error) => CallOutcome.Ignored,

        _ => RequestErrors.IsOfArguments(error, method) ? CallOutcome.Ignored : CallOutcome.Failure,
    };

    private static CallOutcome ClassifyApplicationError(TApplicationException.ExceptionType type) => type switch
    {
        // The two sides disagree about the contract. The server is alive; waiting does not help.
        TApplicationException.ExceptionType.UnknownMethod or
        TApplicationException.ExceptionType.WrongMethodName or
        TApplicationException.ExceptionType.InvalidMessageType or
        TApplicationException.ExceptionType.InvalidProtocol or
        TApplicationException.ExceptionType.UnsupportedClientType => CallOutcome.Ignored,

        // The handler returned null: the server is alive; in many services this means "not found".
        TApplicationException.ExceptionType.MissingResult => CallOutcome.Ignored,

        _ => CallOutcome.Failure,
    };

    /// <summary>
    /// Whether a cancellation is the only reason of an exception. A timeout is another reason, although the exception
    /// of the cancellation that it caused is inside.
    /// </summary>
    private static bool IsCancellation(Exception? error) => error switch
    {
        OperationCanceledException => true,
        null or TimeoutException => false,
        AggregateException several => several.InnerExceptions.Count > 0 && several.InnerExceptions.All(IsCancellation),
        _ => IsCancellation(error.InnerException),
    };

    /// <summary>Declared exceptions are Thrift structs; those of the Thrift library are not.</summary>
    private static bool IsDeclared(Exception error, ThriftMethod? method)
    {
        if (method?.Throws is not { } declared)
        {
            return error is TBase;
        }

        // A lambda would allocate for each failure.
        foreach (var type in declared)
        {
            if (type.IsInstanceOfType(error))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOwnAbort(Exception error)
        => (error as SocketException ?? error.InnerException as SocketException)?.SocketErrorCode == SocketError.OperationAborted;
}
