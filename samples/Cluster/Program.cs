using System.CommandLine;
using System.Globalization;
using Cluster;
using Spectre.Console;

if (Console.IsOutputRedirected)
{
    // Redirected output has no width: a high one prevents line breaks.
    AnsiConsole.Profile.Width = 200;
}

var seconds = new Option<int>("--seconds")
{
    HelpName = "N",
    Description = "The duration of each phase in seconds.",
    DefaultValueFactory = static _ => 12,
    CustomParser = static argument =>
    {
        if (int.TryParse(argument.Tokens[0].Value, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 3_600)
        {
            return number;
        }

        argument.AddError($"--seconds requires a number from 1 to 3600, not '{argument.Tokens[0].Value}'.");
        return default;
    },
};
var chart = new Option<FileInfo>("--chart")
{
    HelpName = "FILE",
    Description = "The SVG file of the chart.",
    DefaultValueFactory = static _ => new FileInfo("cluster.svg"),
};
var root = new RootCommand("Calls five servers, of which one becomes slow, one refuses and one restarts, over one channel.") { seconds, chart };
root.SetAction(async (arguments, cancellationToken) =>
{
    var simulation = await Simulation.RunAsync(TimeSpan.FromSeconds(arguments.GetValue(seconds)), cancellationToken);
    var file = arguments.GetValue(chart)!;
    await File.WriteAllTextAsync(file.FullName, Chart.Draw(simulation), cancellationToken);
    Report.Print(simulation, file);
});

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    await Console.Error.WriteLineAsync($"Cluster: {parsed.Errors[0].Message} Try --help.");
    return 1;
}

return await parsed.InvokeAsync();
