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
internal sealed class HttpTransport(ThriftEndpoint endpoint, Uri address, HttpClient client, TConfiguration configuration) : CallTransport(configuration)
{
    private static readonly MediaTypeHeaderValue ThriftType = new("application/x-thrift");

#pragma warning disable CA2213 // An in-flight call can use it after Dispose, and without a timer it holds nothing.
    private readonly CancellationTokenSource _abort = new();
#pragma warning restore CA2213
    private readonly MemoryStream _request = new();
    private readonly MemoryStream _reply = new();

    /// <summary>Always true: the <see cref="HttpClient"/> manages its connections.</summary>
    public override bool IsReusable => true;

    public override Task WriteAsync(byte[] buffer, int offset, int length, CancellationToken cancellationToken)
    {
        _request.Write(buffer, offset, length);
        return Task.CompletedTask;
    }

    /// <summary>Posts the request and reads the whole reply, which releases the HTTP connection.</summary>
    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        HasSentRequest = true;
        ResetMessageSizeAndConsumedBytes();
        _reply.SetLength(0);

        // HttpClient repeats requests on dead connections itself. Requests that still fail must not be repeated.
        HasReceivedReply = true;
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(CallToken, _abort.Token);
        try
        {
            await PostAsync(linked.Token).ConfigureAwait(false);
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
        finally
        {
            _request.SetLength(0);
        }
    }

    public override ValueTask<int> ReadAsync(byte[] buffer, int offset, int length, CancellationToken cancellationToken)
        => new(_reply.Read(buffer, offset, length));

    protected override void Dispose(bool disposing) => _abort.Cancel();

    private async Task PostAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address);
        request.Content = new ByteArrayContent(_request.GetBuffer(), 0, (int)_request.Length);
        request.Content.Headers.ContentType = ThriftType;
        request.Headers.Accept.ParseAdd(ThriftType.MediaType);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();

        var content = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
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

        // The protocol reads the bytes that have been counted above.
        ResetMessageSizeAndConsumedBytes();
        _reply.Position = 0;
    }
}
