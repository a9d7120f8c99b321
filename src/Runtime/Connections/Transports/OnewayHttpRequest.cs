using System.Net;

namespace ThriftBreaker;

/// <summary>
/// Represents the HTTP request of a oneway call. The call ends when the request has been sent; the request ends with
/// its response, or at the call timeout.
/// </summary>
internal sealed class OnewayHttpRequest : HttpContent
{
    private readonly byte[] _message;
    private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OnewayHttpRequest(byte[] message) => _message = message;

    /// <summary>Sends a request, and waits until it has been sent.</summary>
    /// <param name="client">The HTTP client.</param>
    /// <param name="createRequest">Creates the request for its content.</param>
    /// <param name="message">The message, which must not be changed: the client can send it again.</param>
    /// <param name="timeout">The time after which the HTTP connection is closed if the server has not answered.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">Cancels the request until it has been sent, and has no effect later.</param>
    /// <exception cref="HttpRequestException">
    /// The request could not be sent, or the response came before the end of the request and is an error.
    /// </exception>
    public static async Task SendAsync(
        HttpClient client,
        Func<HttpContent, HttpRequestMessage> createRequest,
        byte[] message,
        TimeSpan timeout,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
#pragma warning disable CA2000 // Both end with the response.
        var lifetime = new CancellationTokenSource(Timeout.InfiniteTimeSpan, timeProvider);
        var content = new OnewayHttpRequest(message);
#pragma warning restore CA2000
        var response = ReceiveAsync(client, createRequest(content), lifetime.Token);
        try
        {
            using var cancellation = cancellationToken.UnsafeRegister(static lifetime => ((CancellationTokenSource)lifetime!).Cancel(), lifetime);
            if (await Task.WhenAny(content._sent.Task, response).ConfigureAwait(false) == response)
            {
                await response.ConfigureAwait(false);
            }

            lifetime.CancelAfter(timeout);
        }
        finally
        {
            // The call does not see what happens after the request has been sent.
            _ = response.ContinueWith(
                static (response, lifetime) =>
                {
                    _ = response.Exception;
                    ((CancellationTokenSource)lifetime!).Dispose();
                },
                lifetime,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(_message, cancellationToken).ConfigureAwait(false);
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        _sent.TrySetResult();
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = _message.Length;
        return true;
    }

    private static async Task ReceiveAsync(HttpClient client, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            response.EnsureSuccessStatusCode();
        }
    }
}
