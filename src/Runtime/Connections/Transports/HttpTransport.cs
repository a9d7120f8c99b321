using System.Globalization;
using System.Net.Http.Headers;
using Thrift;
using Thrift.Transport;

namespace ThriftBreaker;

/// <summary>Carries calls over HTTP, each as one POST.</summary>
/// <remarks>
/// Thrift's own transport would change the settings of the client that it is given, dispose it, and report a caller's cancellation as a
/// broken connection.
/// </remarks>
internal sealed class HttpTransport(ThriftEndpoint endpoint, Uri address, HttpClient client, TConfiguration configuration) : CallTransport(configuration)
{
    private static readonly MediaTypeHeaderValue ThriftType = new("application/x-thrift");

#pragma warning disable CA2213 // A call that is under way may still come to it, and without a timer it holds nothing.
    private readonly CancellationTokenSource _abort = new();
#pragma warning restore CA2213
    private readonly MemoryStream _request = new();
    private readonly MemoryStream _reply = new();

    /// <summary>Which connections are fit to be used is the <see cref="HttpClient"/>'s business.</summary>
    public override bool IsQuiet => true;

    public override Task WriteAsync(byte[] buffer, int offset, int length, CancellationToken cancellationToken)
    {
        _request.Write(buffer, offset, length);
        return Task.CompletedTask;
    }

    /// <summary>Posts the request and reads the reply whole, so that the HTTP connection is free again.</summary>
    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        ResetMessageSizeAndConsumedBytes();
        _reply.SetLength(0);

        // HttpClient itself repeats requests that found their connection dead; what still fails is not to be repeated.
        HasRead = true;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(CallToken, _abort.Token);
        try
        {
            await PostAsync(either.Token).ConfigureAwait(false);
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
                Count(read);
                await _reply.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }
        }

        // What has been counted is there to be read.
        ResetMessageSizeAndConsumedBytes();
        _reply.Position = 0;
    }
}
