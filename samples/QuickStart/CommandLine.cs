using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ThriftBreaker;

namespace QuickStart;

/// <summary>What the sample can be asked to do, and the one line it answers when asked wrongly.</summary>
internal static class CommandLine
{
    private const int DefaultCalls = 400;

    /// <summary>What shells expect of a program that Ctrl+C ended: 128 and the number of the signal.</summary>
    private const int Interrupted = 130;

    public static async Task<int> RunAsync(string[] args)
    {
        var connect = new Option<(string Host, int Port)>("--connect") { HelpName = "HOST:PORT", Description = "Call a server that already runs, instead of one of the sample's own.", CustomParser = Address };
        var transport = Choice<ThriftTransport>("--transport", "How messages are laid on the wire.");
        var protocol = Choice<ThriftProtocol>("--protocol", "How values are written into messages.");
        var calls = new Option<int>("--calls") { HelpName = "N", Description = $"With --connect: how many calls to make, one every {Caller.Pause.TotalMilliseconds} ms.", CustomParser = Count, DefaultValueFactory = static _ => DefaultCalls };
        var serve = new Option<int?>("--serve") { Hidden = true };
        var root = new RootCommand("Calls a Thrift service through a circuit breaker while its server stops and comes back.") { connect, transport, protocol, calls, serve };

        root.Validators.Add(arguments =>
        {
            if (arguments.GetResult(connect) is null && arguments.GetResult(calls) is { Implicit: false })
            {
                arguments.AddError("--calls goes with --connect; with its own server the sample knows when it has shown all.");
            }
        });

        root.SetAction(async (arguments, cancellationToken) =>
        {
            try
            {
                await ActAsync(arguments, cancellationToken);
                return 0;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return Interrupted;
            }
            catch (Exception unfinished) when (unfinished is TimeoutException or InvalidOperationException)
            {
                return await FailAsync(unfinished.Message);
            }
        });

        var parsed = root.Parse(args);
        return parsed.Errors.Count == 0 ? await parsed.InvokeAsync() : await FailAsync($"{parsed.Errors[0].Message} Try --help.");

        async Task ActAsync(ParseResult arguments, CancellationToken cancellationToken)
        {
            var spoken = (Transport: arguments.GetValue(transport), Protocol: arguments.GetValue(protocol));
            if (arguments.GetValue(serve) is { } servedPort)
            {
                await ServerProcess.ServeAsync(servedPort, spoken.Transport, spoken.Protocol);
            }
            else if (arguments.GetResult(connect) is not null)
            {
                var (host, port) = arguments.GetValue(connect);
                var endpoint = new ThriftEndpoint(host, port) { Transport = spoken.Transport, Protocol = spoken.Protocol };
                await Demo.AgainstAsync(endpoint, arguments.GetValue(calls), cancellationToken);
            }
            else
            {
                await Demo.WithOwnServerAsync(spoken.Transport, spoken.Protocol, cancellationToken);
            }
        }
    }

    private static async Task<int> FailAsync(string message)
    {
        await Console.Error.WriteLineAsync($"QuickStart: {message}");
        return 1;
    }

    private static (string Host, int Port) Address(ArgumentResult argument)
    {
        var address = argument.Tokens[0].Value;
        var colon = address.LastIndexOf(':');
        var host = colon > 0 ? address[..colon].Trim('[', ']', ' ') : "";
        if (host.Length > 0 && int.TryParse(address.AsSpan(colon + 1), CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535)
        {
            return (host, port);
        }

        argument.AddError($"--connect wants HOST:PORT with a port from 1 to 65535, not '{address}'.");
        return default;
    }

    private static int Count(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (int.TryParse(text, CultureInfo.InvariantCulture, out var count) && count > 0)
        {
            return count;
        }

        argument.AddError($"--calls wants a number greater than zero, not '{text}'.");
        return default;
    }

    private static Option<T> Choice<T>(string name, string description)
        where T : struct, Enum
    {
        var words = Enum.GetNames<T>().Select(static word => word.ToLowerInvariant()).ToArray();
        return new Option<T>(name)
        {
            HelpName = string.Join('|', words),
            Description = description,
            CustomParser = argument =>
            {
                var word = argument.Tokens[0].Value;
                if (words.Contains(word, StringComparer.OrdinalIgnoreCase))
                {
                    return Enum.Parse<T>(word, ignoreCase: true);
                }

                argument.AddError($"{name} wants {string.Join(" or ", words)}, not '{word}'.");
                return default;
            },
        };
    }
}
