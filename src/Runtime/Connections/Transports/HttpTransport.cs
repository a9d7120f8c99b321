using System.Globalization;
using System.Net.Http.Headers;
using Thrift;
using Thrift.Transport;

namespace ThriftBreaker;

/// <summary>Carries calls over HTTP. Each call is one POST request.</summary>
/// <remarks>
/// Thrift's own HTTP transport would change the settings of the given client, dispose it, and report a cancellation by
/// the caller as a broken connection.
/// </remarks>
internal sealed class HttpTransport(ThriftEndpoint endpoint, ThriftChannelOptions options, TConfiguration configuration)
    : CallTransport(configuration)
{
    private static readonly MediaTypeHeaderValue ThriftType = new("application/x-thrift");

    // The client is that of the user. In-flight calls can use the source after Dispose; without a timer it holds nothing.
#pragma warning disable CA2213
    private readonly HttpClient _client = endpoint.Client!;
    private readonly CancellationTokenSource _abort = new();
#pragma warning restore CA2213
    private readonly MemoryStream _request = new();
    private readonly MemoryStream _reply = new();
    private string? _replyDescription;

    /// <summary>Always true: the <see cref="HttpClient"/> manages its connections.</summary>
    public override bool IsReusable => true;

    public override string? ReplyDescription => _replyDescription;

    public override Task WriteAsync(byte[] buffer, int offset, int length, CancellationToken cancellationToken)
    {
        _request.Write(buffer, offset, length);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Posts the request and reads the whole reply, which releases the HTTP connection. A oneway request is only sent.
    /// </summary>
    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        ResetMessageSizeAndConsumedBytes();
        _reply.SetLength(0);
        _replyDescription = null;
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(CallToken, _abort.Token);
        try
        {
            await (Method is { Oneway: true } ? SendAsync(linked.Token) : PostAsync(linked.Token)).ConfigureAwait(false);
        }
        catch (HttpRequestException reason)
        {
            var message = $"No reply from {endpoint}: {FailureReason.Get(reason)}. {GetAdvice(reason)}";
            throw new TTransportException(TTransportException.ExceptionType.Unknown, message, reason);
        }
        catch (OperationCanceledException cancelled) when (cancelled.InnerException is TimeoutException)
        {
            throw new TimeoutException(
                string.Create(CultureInfo.InvariantCulture, $"No reply from {endpoint} within the HttpClient's Timeout of {_client.Timeout.TotalSeconds:0.###} s."), cancelled);
        }
        finally
        {
            _request.SetLength(0);

            // The pool must not repeat the request: an idempotent one has been repeated above.
            HasReceivedReply = true;
        }
    }

    public override ValueTask<int> ReadAsync(byte[] buffer, int offset, int length, CancellationToken cancellationToken)
        => new(_reply.Read(buffer, offset, length));

    protected override void Dispose(bool disposing) => _abort.Cancel();

    /// <summary>
    /// Sends a oneway request. Thrift's HTTP servers for C++ and Node.js never answer it, and others answer when the
    /// method has ended. The response is awaited in the background, so that the HTTP connection can be reused.
    /// </summary>
    private Task SendAsync(CancellationToken cancellationToken)
    {
        var timeout = Method!.CallTimeout ?? options.CallTimeout;
        return OnewayHttpRequest.SendAsync(_client, CreateRequest, _request.ToArray(), timeout, options.TimeProvider, cancellationToken);
    }

    /// <summary>
    /// Posts the request, and once more if it is idempotent and its connection was lost without a part of a reply. The
    /// <see cref="HttpClient"/> repeats only requests of which it has sent nothing.
    /// </summary>
    private async Task PostAsync(CancellationToken cancellationToken)
    {
        try
        {
            await PostOnceAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException lost) when (Method is { Idempotent: true } && !HasReceivedReply && IsLostConnection(lost))
        {
            await PostOnceAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task PostOnceAsync(CancellationToken cancellationToken)
    {
        using var request = CreateRequest(new ByteArrayContent(_request.GetBuffer(), 0, (int)_request.Length));
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        HasReceivedReply = true;
        response.EnsureSuccessStatusCode();
        ThrowIfEncoded(response);
        try
        {
            await ReadAsync(response.Content, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException broken)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "The response is incomplete", broken);
        }

        // The protocol reads the bytes that have been counted above.
        ResetMessageSizeAndConsumedBytes();
        _reply.Position = 0;
        _replyDescription = response.Content.Headers.ContentType is { MediaType: { } type } && type != ThriftType.MediaType
            ? $"The content type of the response is {type}."
            : "";
    }

    private async Task ReadAsync(HttpContent response, CancellationToken cancellationToken)
    {
        var content = await response.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            var buffer = new byte[8192];
            int read;
            while ((read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                CountReceived(read);
                await _reply.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private HttpRequestMessage CreateRequest(HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Address) { Content = content };
        content.Headers.ContentType = ThriftType;
        request.Headers.Accept.ParseAdd(ThriftType.MediaType);
        return request;
    }

    /// <summary>A handler that decodes responses removes the header.</summary>
    private static void ThrowIfEncoded(HttpResponseMessage response)
    {
        var encodings = response.Content.Headers.ContentEncoding
            .Where(static encoding => !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
            .ToArray();
        if (encodings.Length > 0)
        {
            throw new HttpRequestException(
                HttpRequestError.InvalidResponse,
                $"The response is encoded with {string.Join(", ", encodings)}, which the HttpClient's handler decodes if its AutomaticDecompression is set");
        }
    }

    /// <summary>Returns whether a connection was open and broke, without a response.</summary>
    private static bool IsLostConnection(HttpRequestException error)
        => error.HttpRequestError == HttpRequestError.ResponseEnded
            || (error.HttpRequestError == HttpRequestError.Unknown && error.InnerException is IOException);

    private static string GetAdvice(HttpRequestException reason) => reason.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "Check the host's name.",
        HttpRequestError.ConnectionError => "Check that the server runs and listens there.",
        HttpRequestError.SecureConnectionError => "Check that the server uses TLS on this port, and its certificate.",
        _ when reason.StatusCode is not null => "Check the address, and the server.",
        _ => "Check the server.",
    };
}
