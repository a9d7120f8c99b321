using System.ComponentModel;
using System.Globalization;
using Thrift;
using Thrift.Protocol;
using Thrift.Transport;

namespace ThriftBreaker.GeneratedCode;

/// <summary>Makes the calls of one Thrift client over the connections of a channel. Used by generated code.</summary>
/// <typeparam name="TClient">The interface of the service.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ChannelCalls<TClient>
    where TClient : class
{
    private readonly Func<TProtocol, TClient>? _create;
    private readonly PipelineCalls<TClient>? _pipeline;

    /// <summary>Calls that go straight over the connections.</summary>
    /// <param name="channel">Lends the connections.</param>
    /// <param name="create">Makes a client for a connection: the one that the Thrift compiler wrote.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public ChannelCalls(ThriftChannel channel, Func<TProtocol, TClient> create)
        => (Channel, _create) = (channel ?? throw new ArgumentNullException(nameof(channel)), create ?? throw new ArgumentNullException(nameof(create)));

    /// <summary>Calls that a pipeline makes, with a client that has the channel already.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="guarded">The guarded client.</param>
    /// <param name="pipeline">Stands around its calls.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public ChannelCalls(ThriftChannel channel, TClient guarded, ICallPipeline pipeline)
        => (Channel, _pipeline) = (
            channel ?? throw new ArgumentNullException(nameof(channel)),
            new PipelineCalls<TClient>(guarded ?? throw new ArgumentNullException(nameof(guarded)), pipeline ?? throw new ArgumentNullException(nameof(pipeline))));

    /// <summary>The channel.</summary>
    public ThriftChannel Channel { get; }

    /// <summary>Makes one call on a connection of its own, and keeps the connection only if the reply was read whole.</summary>
    /// <typeparam name="TArguments">The arguments, handed through so that the delegate can be static.</typeparam>
    /// <typeparam name="TResult">The result.</typeparam>
    /// <exception cref="TTransportException">No connection could be opened, or it broke.</exception>
    /// <exception cref="TimeoutException">Waiting for a connection, connecting or the call took longer than the channel allows.</exception>
    /// <exception cref="BulkheadFullException">The channel allows no more calls at a time.</exception>
    /// <exception cref="CircuitOpenException">The channel has several endpoints, and the circuits of all are open.</exception>
    /// <exception cref="ObjectDisposedException">The channel has been disposed.</exception>
    public Task<TResult> CallAsync<TArguments, TResult>(
        ThriftMethod method, TArguments arguments, Func<TClient, TArguments, CancellationToken, Task<TResult>> call, CancellationToken cancellationToken)
        => _pipeline is { } pipeline ? pipeline.CallAsync(method, arguments, call, cancellationToken)
            : Channel.SingleEndpoint is { } server ? AskAsync(server, method, arguments, call, cancellationToken)
            : SpreadAsync(method, arguments, call, cancellationToken);

    /// <inheritdoc cref="CallAsync{TArguments, TResult}(ThriftMethod, TArguments, Func{TClient, TArguments, CancellationToken, Task{TResult}}, CancellationToken)"/>
    public Task CallAsync<TArguments>(
        ThriftMethod method, TArguments arguments, Func<TClient, TArguments, CancellationToken, Task> call, CancellationToken cancellationToken)
        => CallAsync(method, (arguments, call), Void<TArguments>.Call, cancellationToken);

    /// <summary>Makes a call to one of several servers, and tells the circuit of that one how it ended.</summary>
    private async Task<TResult> SpreadAsync<TArguments, TResult>(
        ThriftMethod method, TArguments arguments, Func<TClient, TArguments, CancellationToken, Task<TResult>> call, CancellationToken cancellationToken)
    {
        var turn = await Channel.BeginCallAsync(method.CallTimeout, cancellationToken).ConfigureAwait(false);
        try
        {
            var result = await AskAsync(turn.Server, method, arguments, call, cancellationToken).ConfigureAwait(false);
            turn.Returned(method, result);
            return result;
        }
        catch (Exception error) when (turn.Failed(error, method, cancellationToken))
        {
            throw;
        }
        finally
        {
            turn.End();
        }
    }

    private Task<TResult> AskAsync<TArguments, TResult>(
        EndpointConnections server, ThriftMethod method, TArguments arguments, Func<TClient, TArguments, CancellationToken, Task<TResult>> call, CancellationToken cancellationToken)
        => RpcSpan.IsWanted ? TraceAsync(server, method, arguments, call, cancellationToken) : MakeAsync(server, method, arguments, call, cancellationToken);

    private async Task<TResult> MakeAsync<TArguments, TResult>(
        EndpointConnections server, ThriftMethod method, TArguments arguments, Func<TClient, TArguments, CancellationToken, Task<TResult>> call, CancellationToken cancellationToken)
    {
        var connection = await server.AcquireAsync(cancellationToken).ConfigureAwait(false);
        var replyWasRead = false;
        try
        {
            connection.BeginCall(method.CallTimeout ?? Channel.Options.CallTimeout, cancellationToken);
            TResult result;
            try
            {
                result = await call(connection.GetClient(_create!), arguments, connection.Deadline.Token).ConfigureAwait(false);
            }
            catch (Exception death) when (method.Idempotent && connection.HasDiedBeforeReply(death))
            {
                connection = await server.ReplaceAsync(connection).ConfigureAwait(false);
                result = await call(connection.GetClient(_create!), arguments, connection.Deadline.Token).ConfigureAwait(false);
            }

            replyWasRead = true;
            return result;
        }
        catch (TException error) when (error is TBase or TApplicationException)
        {
            // A declared exception or the server's own error message: an answer like any other.
            replyWasRead = true;
            throw;
        }
        catch (Exception symptom) when (connection.IsAborted)
        {
            throw server.CreateAbortedException(symptom);
        }
        catch (Exception symptom) when (connection.Deadline.IsCancellationRequested)
        {
            throw connection.Deadline.CreateException(symptom, TimedOut(server.Endpoint, method));
        }
        catch (Exception symptom) when (connection.AddContext(symptom) is { } error)
        {
            throw error;
        }
        finally
        {
            connection.Deadline.Stop();
            server.Release(connection, replyWasRead, replied: replyWasRead && !method.Oneway);
        }
    }

    private async Task<TResult> TraceAsync<TArguments, TResult>(
        EndpointConnections server, ThriftMethod method, TArguments arguments, Func<TClient, TArguments, CancellationToken, Task<TResult>> call, CancellationToken cancellationToken)
    {
        using var span = RpcSpan.Start(method, server.Endpoint.Host, server.Endpoint.Port);
        try
        {
            return await MakeAsync(server, method, arguments, call, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (span.Failed(error))
        {
            throw;
        }
    }

    private string TimedOut(ThriftEndpoint endpoint, ThriftMethod method) => string.Create(
        CultureInfo.InvariantCulture,
        $"No reply from {endpoint} within the CallTimeout of {(method.CallTimeout ?? Channel.Options.CallTimeout).TotalSeconds:0.###} s. Check the server, and that it uses this transport and protocol.");

    /// <summary>Makes a call without a result one with a result that nobody reads.</summary>
    private static class Void<TArguments>
    {
        public static readonly Func<TClient, (TArguments Arguments, Func<TClient, TArguments, CancellationToken, Task> Call), CancellationToken, Task<bool>> Call =
            static async (client, step, token) =>
            {
                await step.Call(client, step.Arguments, token).ConfigureAwait(false);
                return true;
            };
    }
}
