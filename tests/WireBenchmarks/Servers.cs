using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Circuit.Payloads;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Thrift;
using Thrift.Protocol;
using Thrift.Server;
using Thrift.Transport;
using Thrift.Transport.Server;
using GrpcPayloads = Circuit.Payloads.Grpc;

namespace ThriftBreaker.WireBenchmarks;

/// <summary>The servers of all contenders, in one process, on free ports of the loopback interface.</summary>
internal static class Servers
{
    /// <summary>Starts the servers, prints their ports, and stops at the end of the standard input.</summary>
    public static async Task RunAsync()
    {
#pragma warning disable CA2025 // They accept until the process ends.
        var buffered = Listen();
        _ = ServeThriftAsync(buffered, new TBufferedTransport.Factory());
        var framed = Listen();
        _ = ServeThriftAsync(framed, new TFramedTransport.Factory());
        var raw = Listen();
        _ = AcceptRawAsync(raw);
#pragma warning restore CA2025

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.WebHost.ConfigureKestrel(static options => options.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2));
        await using var app = builder.Build();
        app.MapGrpcService<GrpcHandler>();
        await app.StartAsync();

        Console.WriteLine($"{GetPort(buffered)} {GetPort(framed)} {GetPort(raw)} {new Uri(app.Urls.Single()).Port}");
        while (await Console.In.ReadLineAsync() is not null)
        {
        }

        buffered.Stop();
        framed.Stop();
        raw.Stop();
    }

    private static Task ServeThriftAsync(TcpListener listener, TTransportFactory transports) => new TThreadPoolAsyncServer(
        new Payloads.AsyncProcessor(new Handler()), new TServerSocketTransport(listener, new TConfiguration()), transports, new TBinaryProtocol.Factory())
        .ServeAsync(CancellationToken.None);

    /// <summary>Accepted sockets inherit the option on Linux: Thrift's server sends replies in several writes.</summary>
    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Server.NoDelay = true;
        listener.Start();
        return listener;
    }

    private static int GetPort(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private static async Task AcceptRawAsync(TcpListener listener)
    {
        while (true)
        {
            var socket = await listener.AcceptSocketAsync();
            socket.NoDelay = true;
            _ = ReplyRawAsync(socket);
        }
    }

    /// <summary>A request begins with its size and that of the reply.</summary>
    private static async Task ReplyRawAsync(Socket socket)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        var request = new byte[4_096];
        var reply = new byte[PayloadValues.LargeSize + 1_000];
        while (await stream.ReadAtLeastAsync(request, 8, throwOnEndOfStream: false) is var count and > 0)
        {
            await stream.ReadExactlyAsync(request.AsMemory(count, BinaryPrimitives.ReadInt32BigEndian(request) - count));
            await stream.WriteAsync(reply.AsMemory(0, BinaryPrimitives.ReadInt32BigEndian(request.AsSpan(4))));
        }
    }

    private sealed class Handler : Payloads.IAsync
    {
        private static readonly Task<bool> True = Task.FromResult(true);
        private static readonly Task<List<Item>> Items = Task.FromResult(PayloadValues.Items);
        private static readonly Task<byte[]> Bytes = Task.FromResult(PayloadValues.Bytes);

        public Task<bool> small(string? text, CancellationToken cancellationToken = default) => True;

        public Task<string> echo(string? text, CancellationToken cancellationToken = default) => Task.FromResult(text!);

        public Task<List<Item>> items(int count, CancellationToken cancellationToken = default) => Items;

        public Task<byte[]> bytes(int size, CancellationToken cancellationToken = default) => Bytes;
    }

    private sealed class GrpcHandler : GrpcPayloads.Payloads.PayloadsBase
    {
        private static readonly Task<GrpcPayloads.Flag> True = Task.FromResult(new GrpcPayloads.Flag { Value = true });
        private static readonly Task<GrpcPayloads.Bytes> Bytes = Task.FromResult(new GrpcPayloads.Bytes { Bytes_ = UnsafeByteOperations.UnsafeWrap(PayloadValues.Bytes) });

        private static readonly Task<GrpcPayloads.Items> Items = Task.FromResult(new GrpcPayloads.Items
        {
            Items_ = { PayloadValues.Items.Select(static item => new GrpcPayloads.Item { Id = item.Id, Name = item.Name, Price = item.Price, Available = item.Available }) },
        });

        public override Task<GrpcPayloads.Flag> Small(GrpcPayloads.Text request, ServerCallContext context) => True;

        public override Task<GrpcPayloads.Text> Echo(GrpcPayloads.Text request, ServerCallContext context) => Task.FromResult(request);

        public override Task<GrpcPayloads.Items> GetItems(GrpcPayloads.Count request, ServerCallContext context) => Items;

        public override Task<GrpcPayloads.Bytes> GetBytes(GrpcPayloads.Count request, ServerCallContext context) => Bytes;
    }
}
