using QuickStart;
using Spectre.Console;

if (Console.IsOutputRedirected)
{
    // A file has no width to break lines at.
    AnsiConsole.Profile.Width = 200;
}

return await CommandLine.RunAsync(args);
