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
internal sealed class HttpTransport(ThriftEndpoint endpoint, Uri address, HttpClient client, TConfiguration configuration)
    : CallTransport(framed: false, configuration)
{
    private static readonly MediaTypeHeaderValue ThriftType = new("application/x-thrift");

#pragma warning disable CA1001, CA2213 // An in-flight call can use it after the end, and without a timer it holds nothing.
    private readonly CancellationTokenSource _abort = new();
#pragma warning restore CA1001, CA2213
    private Stream? _content;
    private CancellationToken _token;

    /// <summary>Always true: the <see cref="HttpClient"/> manages its connections.</summary>
    protected override bool IsSilent => true;

    /// <summary>A server can respond before it has read the whole request, which is then still being sent.</summary>
    protected override bool CanReuseRequestBuffer => false;

    public override void Disconnect() => _abort.Cancel();

    /// <summary>Posts the request and receives the whole reply, which releases the HTTP connection.</summary>
    protected override async ValueTask SendAsync(ReadOnlyMemory<byte> request)
    {
        // HttpClient repeats requests on dead connections itself. Requests that still fail must not be repeated.
        HasReceivedReply = true;
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(CallToken, _abort.Token);
        try
        {
            await PostAsync(request, linked.Token).ConfigureAwait(false);
        }
        catch (HttpRequestException reason)
        {
            throw new TTransportException(TTransportException.ExceptionType.Unknown, $"No reply from {endpoint}: {reason.Message}", reason);
        }
        catch (OperationCanceledException cancelled) when (cancelled.InnerException is TimeoutException)
        {
            throw new TimeoutException(
                string.Create(CultureInfo.InvariantCulture, $"No reply from {endpoint} within the HttpClient's Timeout of {client.Timeout.TotalSeconds:0.###} s."), cancelled);
        }
    }

    /// <summary>Receives from the response; at its end and after it, 0 bytes.</summary>
    protected override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => _content is null ? default : _content.ReadAsync(buffer, _token);

    private async Task PostAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address);
        request.Content = new ReadOnlyMemoryContent(body);
        request.Content.Headers.ContentType = ThriftType;
        request.Headers.Accept.ParseAdd(ThriftType.MediaType);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();

        _token = cancellationToken;
        _content = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (_content.ConfigureAwait(false))
        {
            await ReceiveToEndAsync().ConfigureAwait(false);
        }

        _content = null;
    }
}
