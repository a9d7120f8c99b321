using System.Globalization;
using ThriftBreaker.WireBenchmarks;

// dotnet run -c Release --project tests/WireBenchmarks [-- --seconds 2] [--rounds 5] [--transport framed] [--only ThriftBreaker,gRPC] [--payloads Small,Items]
//     [--callers 1,8,64]
//
// Calls over loopback to servers in another process. The contenders take turns in each round; the table has the medians
// of the rounds.
if (args is ["--serve"])
{
    await Servers.RunAsync();
    return;
}

var settings = args.Chunk(2).ToDictionary(static pair => pair[0].TrimStart('-'), static pair => pair[1]);
var duration = TimeSpan.FromSeconds(double.Parse(settings.GetValueOrDefault("seconds", "2"), CultureInfo.InvariantCulture));
var rounds = int.Parse(settings.GetValueOrDefault("rounds", "5"), CultureInfo.InvariantCulture);
var payloads = settings.GetValueOrDefault("payloads")?.Split(',').Select(Enum.Parse<Payload>).ToArray() ?? Enum.GetValues<Payload>();
var callers = settings.GetValueOrDefault("callers", "1,8,64").Split(',').Select(static count => int.Parse(count, CultureInfo.InvariantCulture)).ToArray();
await Comparison.RunAsync(duration, rounds, settings.GetValueOrDefault("transport") == "framed", settings.GetValueOrDefault("only")?.Split(','), payloads, callers);
