using System.Globalization;
using ThriftBreaker.WireBenchmarks;

// dotnet run -c Release --project tests/WireBenchmarks [-- --seconds 2] [--rounds 5] [--only ThriftBreaker,gRPC]
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
await Comparison.RunAsync(duration, rounds, settings.GetValueOrDefault("only")?.Split(','));
