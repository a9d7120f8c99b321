using QuickStart;
using Spectre.Console;

if (Console.IsOutputRedirected)
{
    // Redirected output has no width: a high one prevents line breaks.
    AnsiConsole.Profile.Width = 200;
}

return await CommandLine.RunAsync(args);
