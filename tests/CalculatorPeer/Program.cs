// A server of idl/calculator.thrift in C#, with ApacheThrift's own server.
//
// Usage: CalculatorPeer PORT buffered|framed|raw binary|compact|json
// Listens on loopback (a free port for 0), prints "listening PORT", then calls that cannot be observed by their replies
// ("slow MILLISECONDS", "note TEXT"), and serves until it is killed. With END_WITH_INPUT=1 in the environment it ends with
// its input too.
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CalculatorPeer;
using Circuit.Calculators;
using Microsoft.Extensions.Logging.Abstractions;
using Thrift;
using Thrift.Protocol;
using Thrift.Server;
using Thrift.Transport;
using Thrift.Transport.Server;

TTransportFactory transports = args[1].ToUpperInvariant() switch
{
    "BUFFERED" => new TBufferedTransport.Factory(),
    "FRAMED" => new TFramedTransport.Factory(),
    _ => new TTransportFactory(),
};
TProtocolFactory protocols = args[2].ToUpperInvariant() switch
{
    "COMPACT" => new TCompactProtocol.Factory(),
    "JSON" => new TJsonProtocol.Factory(),
    _ => new TBinaryProtocol.Factory(),
};
using var listener = new TcpListener(IPAddress.Loopback, int.Parse(args[0], CultureInfo.InvariantCulture));
listener.Server.NoDelay = true;
listener.Start();
Console.WriteLine($"listening {((IPEndPoint)listener.LocalEndpoint).Port}");

var server = new TThreadPoolAsyncServer(
    new Calculator.AsyncProcessor(new Handler(), NullLogger<Calculator.AsyncProcessor>.Instance),
    new TServerSocketTransport(listener, new TConfiguration()),
    transports,
    protocols);
var served = server.ServeAsync(CancellationToken.None);
await (Environment.GetEnvironmentVariable("END_WITH_INPUT") == "1" ? Task.WhenAny(served, Console.In.ReadToEndAsync()) : served);
