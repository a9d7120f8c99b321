using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ThriftBreaker;

namespace QuickStart;

/// <summary>Parses the command line and runs the sample. A wrong argument prints one line.</summary>
internal static class CommandLine
{
    private const int DefaultCalls = 400;

    /// <summary>The exit code after Ctrl+C, as shells expect it: 128 plus the number of the signal.</summary>
    private const int Interrupted = 130;

    public static async Task<int> RunAsync(string[] args)
    {
        var connect = new Option<(string Host, int Port)>("--connect") { HelpName = "HOST:PORT", Description = "Call a running server instead of the sample's own server.", CustomParser = ParseAddress };
        var transport = CreateChoice<ThriftTransport>("--transport", "The transport of the messages.");
        var protocol = CreateChoice<ThriftProtocol>("--protocol", "The protocol of the messages.");
        var calls = new Option<int>("--calls") { HelpName = "N", Description = $"With --connect: how many calls to make, one every {Caller.Pause.TotalMilliseconds} ms.", CustomParser = ParseCount, DefaultValueFactory = static _ => DefaultCalls };
        var serve = new Option<int?>("--serve") { Hidden = true };
        var root = new RootCommand("Calls a Thrift service through a circuit breaker while its server stops and restarts.") { connect, transport, protocol, calls, serve };

        root.Validators.Add(arguments =>
        {
            if (arguments.GetResult(connect) is null && arguments.GetResult(calls) is { Implicit: false })
            {
                arguments.AddError("--calls requires --connect; with its own server the sample ends by itself.");
            }
        });

        root.SetAction(async (arguments, cancellationToken) =>
        {
            try
            {
                await RunActionAsync(arguments, cancellationToken);
                return 0;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return Interrupted;
            }
            catch (Exception failure) when (failure is TimeoutException or InvalidOperationException)
            {
                return await FailAsync(failure.Message);
            }
        });

        var parsed = root.Parse(args);
        return parsed.Errors.Count == 0 ? await parsed.InvokeAsync() : await FailAsync($"{parsed.Errors[0].Message} Try --help.");

        async Task RunActionAsync(ParseResult arguments, CancellationToken cancellationToken)
        {
            var wireFormat = (Transport: arguments.GetValue(transport), Protocol: arguments.GetValue(protocol));
            if (arguments.GetValue(serve) is { } servedPort)
            {
                await ServerProcess.ServeAsync(servedPort, wireFormat.Transport, wireFormat.Protocol);
            }
            else if (arguments.GetResult(connect) is not null)
            {
                var (host, port) = arguments.GetValue(connect);
                var endpoint = new ThriftEndpoint(host, port) { Transport = wireFormat.Transport, Protocol = wireFormat.Protocol };
                await Demo.AgainstAsync(endpoint, arguments.GetValue(calls), cancellationToken);
            }
            else
            {
                await Demo.WithOwnServerAsync(wireFormat.Transport, wireFormat.Protocol, cancellationToken);
            }
        }
    }

    private static async Task<int> FailAsync(string message)
    {
        await Console.Error.WriteLineAsync($"QuickStart: {message}");
        return 1;
    }

    private static (string Host, int Port) ParseAddress(ArgumentResult argument)
    {
        var address = argument.Tokens[0].Value;
        var colon = address.LastIndexOf(':');
        var host = colon > 0 ? address[..colon].Trim('[', ']', ' ') : "";
        if (host.Length > 0 && int.TryParse(address.AsSpan(colon + 1), CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535)
        {
            return (host, port);
        }

        argument.AddError($"--connect requires HOST:PORT with a port from 1 to 65535, not '{address}'.");
        return default;
    }

    private static int ParseCount(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (int.TryParse(text, CultureInfo.InvariantCulture, out var count) && count > 0)
        {
            return count;
        }

        argument.AddError($"--calls requires a number greater than zero, not '{text}'.");
        return default;
    }

    private static Option<T> CreateChoice<T>(string option, string description)
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>().Select(static name => name.ToLowerInvariant()).ToArray();
        return new Option<T>(option)
        {
            HelpName = string.Join('|', names),
            Description = description,
            CustomParser = argument =>
            {
                var value = argument.Tokens[0].Value;
                if (names.Contains(value, StringComparer.OrdinalIgnoreCase))
                {
                    return Enum.Parse<T>(value, ignoreCase: true);
                }

                argument.AddError($"{option} requires {string.Join(" or ", names)}, not '{value}'.");
                return default;
            },
        };
    }
}
