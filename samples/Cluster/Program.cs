using System.CommandLine;
using System.Globalization;
using Cluster;
using Spectre.Console;

if (Console.IsOutputRedirected)
{
    // A file has no width to break lines at.
    AnsiConsole.Profile.Width = 200;
}

var seconds = new Option<int>("--seconds")
{
    HelpName = "N",
    Description = "How long each phase takes.",
    DefaultValueFactory = static _ => 12,
    CustomParser = static argument =>
    {
        if (int.TryParse(argument.Tokens[0].Value, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 3_600)
        {
            return number;
        }

        argument.AddError($"--seconds wants a number from 1 to 3600, not '{argument.Tokens[0].Value}'.");
        return default;
    },
};
var picture = new Option<FileInfo>("--picture")
{
    HelpName = "FILE",
    Description = "Where the picture goes, an SVG.",
    DefaultValueFactory = static _ => new FileInfo("cluster.svg"),
};
var root = new RootCommand("Calls five servers, of which one becomes slow, one refuses and one comes and goes, over one channel.") { seconds, picture };
root.SetAction(async (arguments, cancellationToken) =>
{
    var story = await Story.TellAsync(TimeSpan.FromSeconds(arguments.GetValue(seconds)), cancellationToken);
    var file = arguments.GetValue(picture)!;
    await File.WriteAllTextAsync(file.FullName, Snapshot.Of(story), cancellationToken);
    Report.Print(story, file);
});

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    await Console.Error.WriteLineAsync($"Cluster: {parsed.Errors[0].Message} Try --help.");
    return 1;
}

return await parsed.InvokeAsync();
