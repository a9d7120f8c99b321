using System.Globalization;
using Thrift;
using Thrift.Protocol;
using Thrift.Transport;

namespace ThriftBreaker;

/// <summary>Makes the calls of one Thrift client over the connections of a channel.</summary>
/// <typeparam name="TService">The interface of the service.</typeparam>
/// <param name="channel">The channel.</param>
/// <param name="create">Creates the Thrift client of a connection.</param>
internal sealed class ChannelCore<TService>(ThriftChannel channel, Func<TProtocol, TService> create)
    where TService : class
{
    public ThriftChannel Channel => channel;

    /// <summary>
    /// Makes a call on a connection that no other call uses, and keeps the connection only if the reply was read
    /// completely.
    /// </summary>
    /// <exception cref="TTransportException">No connection could be opened, or it broke.</exception>
    /// <exception cref="TimeoutException">
    /// Waiting for a connection, connecting or the call took longer than the channel allows.
    /// </exception>
    /// <exception cref="BulkheadFullException">The channel has as many calls as it allows.</exception>
    /// <exception cref="CircuitOpenException">
    /// The channel has several endpoints, and the circuits of all are open.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The channel has been disposed.</exception>
    public Task<TResult> CallAsync<TResult>(ThriftMethod method, BoundCall<TService, TResult> call, CancellationToken cancellationToken)
        => channel.SingleEndpoint is { } server
            ? TraceOrSendAsync(server, method, call, cancellationToken)
            : BalanceAsync(method, call, cancellationToken);

    /// <summary>
    /// Makes a call to one of several endpoints, and reports its outcome to the endpoint's circuit breaker.
    /// </summary>
    private async Task<TResult> BalanceAsync<TResult>(ThriftMethod method, BoundCall<TService, TResult> call, CancellationToken cancellationToken)
    {
        var endpointCall = await channel.BeginCallAsync(method.CallTimeout, cancellationToken).ConfigureAwait(false);
        try
        {
            var result = await TraceOrSendAsync(endpointCall.Server, method, call, cancellationToken).ConfigureAwait(false);
            endpointCall.Returned(method, result);
            return result;
        }
        catch (Exception error)
        {
            endpointCall.Failed(error, method, cancellationToken);
            throw;
        }
        finally
        {
            endpointCall.End();
        }
    }

    private Task<TResult> TraceOrSendAsync<TResult>(
        EndpointConnections server, ThriftMethod method, BoundCall<TService, TResult> call, CancellationToken cancellationToken)
        => RpcSpan.IsWanted ? TraceAsync(server, method, call, cancellationToken) : SendAsync(server, method, call, cancellationToken);

    private async Task<TResult> TraceAsync<TResult>(
        EndpointConnections server, ThriftMethod method, BoundCall<TService, TResult> call, CancellationToken cancellationToken)
    {
        using var span = RpcSpan.Start(method, server.Endpoint.Host, server.Endpoint.Port);
        try
        {
            return await SendAsync(server, method, call, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (span.Failed(error))
        {
            throw;
        }
    }

    private async Task<TResult> SendAsync<TResult>(
        EndpointConnections server, ThriftMethod method, BoundCall<TService, TResult> call, CancellationToken cancellationToken)
    {
        var connection = await server.AcquireAsync(cancellationToken).ConfigureAwait(false);
        var replyWasRead = false;
        var startedAt = 0L;
        try
        {
            startedAt = server.Latency?.Start() ?? 0;
            connection.BeginCall(method, method.CallTimeout ?? channel.Options.CallTimeout, cancellationToken);
            TResult result;
            try
            {
                result = await call.InvokeAsync(connection.GetClient(create), connection.Deadline.Token).ConfigureAwait(false);
            }
            catch (Exception death) when (method.Idempotent && connection.HasDiedBeforeReply(death))
            {
                connection = await server.ReplaceAsync(connection, method).ConfigureAwait(false);
                result = await call.InvokeAsync(connection.GetClient(create), connection.Deadline.Token).ConfigureAwait(false);
            }

            replyWasRead = true;
            return result;
        }
        catch (TApplicationException missing)
            when (missing.Type == TApplicationException.ExceptionType.MissingResult && !connection.IsWritingRequest)
        {
            replyWasRead = true;
            throw ReplyErrors.CreateMissingResult(missing, server.Endpoint);
        }
        catch (TException error) when (error is TBase or TApplicationException && !connection.IsWritingRequest)
        {
            // A declared exception or an error message of the server: a complete reply.
            replyWasRead = true;
            throw;
        }
        catch (Exception symptom)
        {
            if (connection.CouldNotWriteRequest(symptom))
            {
                RequestErrors.Add(symptom);
                throw;
            }

            if (connection.SeemsDead(symptom))
            {
                server.CloseIdleLike(connection);
            }

            if (connection.IsAborted)
            {
                throw server.CreateAbortedException(symptom);
            }

            if (connection.Deadline.IsCancellationRequested)
            {
                throw connection.Deadline.CreateException(symptom, TimedOut(server.Endpoint, method));
            }

            if (connection.AddContext(symptom) is { } error)
            {
                throw error;
            }

            throw;
        }
        finally
        {
            connection.Deadline.Stop();
            var replied = replyWasRead && !method.Oneway;
            server.Release(connection, replyWasRead, replied);
            server.Latency?.Record(startedAt, replied);
        }
    }

    private string TimedOut(ThriftEndpoint endpoint, ThriftMethod method) => string.Create(
        CultureInfo.InvariantCulture,
        $"No reply from {endpoint} within the CallTimeout of {(method.CallTimeout ?? channel.Options.CallTimeout).TotalSeconds:0.###} s. Check the server, and that it uses this transport and protocol.");
}
