using System.CommandLine;
using ThriftBreaker;

namespace QuickStart;

/// <summary>What the sample can be asked to do, and the one line it answers when asked wrongly.</summary>
internal static class CommandLine
{
    private const int DefaultCalls = 400;

    public static async Task<int> RunAsync(string[] args)
    {
        var connect = new Option<string>("--connect") { HelpName = "HOST:PORT", Description = "Call a server that already runs, instead of one of the sample's own." };
        var transport = new Option<ThriftTransport>("--transport") { HelpName = "buffered|framed", Description = "How messages are laid on the wire." };
        var protocol = new Option<ThriftProtocol>("--protocol") { HelpName = "binary|compact|json", Description = "How values are written into messages." };
        var calls = new Option<int?>("--calls") { HelpName = "N", Description = $"With --connect: how many calls to make, one every {Caller.Pause.TotalMilliseconds} ms (default {DefaultCalls})." };
        var serve = new Option<int?>("--serve") { Hidden = true };
        var root = new RootCommand("Calls a Thrift service through a circuit breaker while its server stops and comes back.") { connect, transport, protocol, calls, serve };

        root.SetAction(async (arguments, cancellationToken) =>
        {
            ThriftEndpoint EndpointAt(string host, int port) => new(host, port)
            {
                Transport = arguments.GetValue(transport),
                Protocol = arguments.GetValue(protocol),
            };

            if (arguments.GetValue(serve) is { } port)
            {
                await ServerProcess.ServeAsync(port, EndpointAt("127.0.0.1", 1));
            }
            else if (arguments.GetValue(connect) is { } address)
            {
                var (host, at) = Split(address);
                await Demo.AgainstAsync(EndpointAt(host, at), arguments.GetValue(calls) ?? DefaultCalls, cancellationToken);
            }
            else
            {
                await Demo.WithOwnServerAsync(at => EndpointAt("127.0.0.1", at), cancellationToken);
            }

            return 0;
        });

        root.Validators.Add(arguments =>
        {
            if (arguments.GetValue(connect) is { } address)
            {
                try
                {
                    var (host, port) = Split(address);
                    _ = new ThriftEndpoint(host, port);
                }
                catch (ArgumentException)
                {
                    arguments.AddError($"--connect wants HOST:PORT with a port from 1 to 65535, not '{address}'.");
                }
            }
            else if (arguments.GetValue(calls) is not null)
            {
                arguments.AddError("--calls goes with --connect; the sample's own server decides itself when it has shown all.");
            }

            if (arguments.GetValue(calls) is < 1)
            {
                arguments.AddError("--calls wants a number of calls greater than zero.");
            }
        });

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            await Console.Error.WriteLineAsync($"QuickStart: {parsed.Errors[0].Message} Try --help.");
            return 1;
        }

        return await parsed.InvokeAsync();
    }

    private static (string Host, int Port) Split(string address)
    {
        var colon = address.LastIndexOf(':');
        return colon > 0 && int.TryParse(address.AsSpan(colon + 1), out var port) ? (address[..colon].Trim('[', ']'), port) : ("", 0);
    }
}
