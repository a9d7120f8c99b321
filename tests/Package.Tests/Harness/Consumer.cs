namespace ThriftBreaker.Package.Tests.Harness;

/// <summary>A project of the folder Consumers, fresh, outside the repository, and with the package in reach of its restore.</summary>
internal sealed class Consumer
{
    private static int _count;

    private readonly string _folder;
    private readonly string _project;

    /// <param name="package">The package that it uses.</param>
    /// <param name="project">A folder of Consumers, named as its project is.</param>
    /// <param name="settings">What it is built with, and the projects that it refers to.</param>
    public Consumer(PackedPackage package, string project, Settings settings)
    {
        _folder = Path.Combine(package.Folder, $"{project} {Interlocked.Increment(ref _count)}");
        _project = project;
        Copy(Repository.Path("tests", "Package.Tests", "Consumers"), _folder);
        foreach (var withContracts in new[] { "App", "Console", "Contracts" })
        {
            Copy(Repository.Path("idl", "gen-netstd", "Circuit", "Example"), Path.Combine(_folder, withContracts, "Thrift"));
        }

        File.Copy(Repository.Path("global.json"), Path.Combine(_folder, "global.json"));
        File.WriteAllText(Path.Combine(_folder, "Directory.Build.props"), Properties(package, settings));
    }

    /// <summary>With another file, by its path in the project.</summary>
    public Consumer With(string file, string text)
    {
        File.WriteAllText(Path.Combine(_folder, _project, file), text);
        return this;
    }

    /// <summary>Restores and builds; a warning is an error, in the restore too.</summary>
    public Task BuildAsync() => DotNet.BuildAsync(_folder, "build", _project, "-warnaserror");

    /// <summary>The same, and gives the errors.</summary>
    public Task<string[]> ErrorsAsync(params string[] arguments) => DotNet.ErrorsAsync(_folder, ["build", _project, "-warnaserror", .. arguments]);

    /// <summary>Publishes, and gives the folder; a warning is an error, those of the trimmer and of the native compiler included.</summary>
    public async Task<string> PublishAsync(string framework)
    {
        var folder = Path.Combine(_folder, "published");
        await DotNet.BuildAsync(_folder, "publish", _project, "-warnaserror", "-f", framework, "--output", folder);
        return folder;
    }

    /// <summary>A file that the build has made, by its path in the project's bin/Debug.</summary>
    public string Built(string framework, string file) => Path.Combine(_folder, _project, "bin", "Debug", framework, file);

    /// <summary>The names of what our generator has written into a project.</summary>
    public string[] Generated(string project, string framework)
    {
        var folder = Path.Combine(_folder, project, "obj", "Debug", framework, "generated", "ThriftBreaker.Generator");
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(static file => Path.GetFileName(file))]
            : [];
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>
    /// Packages go to a folder of this test run, and the machine's own is only read: no package of a test stays there, and what
    /// lies there already need not be fetched.
    /// </summary>
    private static string Properties(PackedPackage package, Settings settings) => $"""
        <Project>
          <PropertyGroup>
            <TargetFrameworks>{settings.Frameworks}</TargetFrameworks>
            <LangVersion>{settings.Language}</LangVersion>
            <Nullable>{settings.Nullable}</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <GenerateDocumentationFile>true</GenerateDocumentationFile>
            <EmitCompilerGeneratedFiles>true</EmitCompilerGeneratedFiles>
            <UseAppHost>false</UseAppHost>
            <!-- Programs for an older .NET run on the one that is there. -->
            <RollForward>Major</RollForward>
          </PropertyGroup>

          <PropertyGroup>
            <RestoreAdditionalProjectSources>{package.Feed}</RestoreAdditionalProjectSources>
            <RestorePackagesPath>{Path.Combine(package.Folder, "packages")}</RestorePackagesPath>
            <RestoreFallbackFolders>{MachinesPackages()}</RestoreFallbackFolders>
            <ThriftBreakerVersion>{PackedPackage.Version}</ThriftBreakerVersion>
            <ApacheThriftVersion>{Repository.PackageVersion("ApacheThrift")}</ApacheThriftVersion>
            <WinHttpHandlerVersion>{Repository.PackageVersion("System.Net.Http.WinHttpHandler")}</WinHttpHandlerVersion>
          </PropertyGroup>
        </Project>
        """;

    private static string MachinesPackages()
        => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
