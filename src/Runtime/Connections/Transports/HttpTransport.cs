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
    : CallTransport(framed: false, configuration)
{
    private static readonly MediaTypeHeaderValue ThriftType = new("application/x-thrift");

    // The client is that of the user. In-flight calls can use the source after Dispose; without a timer it holds
    // nothing.
#pragma warning disable CA1001, CA2213
    private readonly HttpClient _client = endpoint.Client!;
    private readonly CancellationTokenSource _abort = new();
#pragma warning restore CA1001, CA2213
    private Stream? _content;
    private CancellationToken _token;
    private string? _replyDescription;

    public override string? ReplyDescription => _replyDescription;

    /// <summary>Always true: the <see cref="HttpClient"/> manages its connections.</summary>
    protected override bool IsSilent => true;

    /// <summary>A server can respond before it has read the whole request, which is then still being sent.</summary>
    protected override bool CanReuseRequestBuffer => false;

    public override void Disconnect() => _abort.Cancel();

    /// <summary>
    /// Posts the request and receives the whole reply, which releases the HTTP connection. A oneway request is only
    /// sent.
    /// </summary>
    protected override async ValueTask SendAsync(ReadOnlyMemory<byte> request)
    {
        _replyDescription = null;
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(CallToken, _abort.Token);
        try
        {
            await (Method is { Oneway: true } ? SendOnewayAsync(request, linked.Token) : PostAsync(request, linked.Token)).ConfigureAwait(false);
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
            // The pool must not repeat the request: an idempotent one has been repeated above.
            HasReceivedReply = true;
        }
    }

    /// <summary>Receives from the response; at its end and after it, 0 bytes.</summary>
    protected override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => _content is null ? default : _content.ReadAsync(buffer, _token);

    /// <summary>
    /// Sends a oneway request. Thrift's HTTP servers for C++ and Node.js never answer it, and others answer when the
    /// method has ended. The response is awaited in the background, so that the HTTP connection can be reused.
    /// </summary>
    private Task SendOnewayAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        var timeout = Method!.CallTimeout ?? options.CallTimeout;
        return OnewayHttpRequest.SendAsync(_client, CreateRequest, request.ToArray(), timeout, options.TimeProvider, cancellationToken);
    }

    /// <summary>
    /// Posts the request, and once more if it is idempotent and its connection was lost without a part of a reply. The
    /// <see cref="HttpClient"/> repeats only requests of which it has sent nothing.
    /// </summary>
    private async Task PostAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        try
        {
            await PostOnceAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException lost) when (Method is { Idempotent: true } && !HasReceivedReply && IsLostConnection(lost))
        {
            await PostOnceAsync(request, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task PostOnceAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var request = CreateRequest(new ReadOnlyMemoryContent(body));
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        HasReceivedReply = true;
        response.EnsureSuccessStatusCode();
        ThrowIfEncoded(response);
        try
        {
            await ReceiveAsync(response.Content, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException broken)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "The response is incomplete", broken);
        }

        _replyDescription = response.Content.Headers.ContentType is { MediaType: { } type } && type != ThriftType.MediaType
            ? $"The content type of the response is {type}."
            : "";
    }

    private async Task ReceiveAsync(HttpContent response, CancellationToken cancellationToken)
    {
        _token = cancellationToken;
        _content = await response.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (_content.ConfigureAwait(false))
        {
            await ReceiveToEndAsync().ConfigureAwait(false);
        }

        _content = null;
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
