using System.Text.Json;

namespace ThriftBreaker.Package.Tests.Harness;

/// <summary>
/// A fresh copy of a project of the folder Consumers, outside of the repository, whose restore finds the package.
/// </summary>
internal sealed class Consumer
{
    private static int _count;

    private readonly string _folder;
    private readonly string _project;

    /// <param name="package">The package that the project uses.</param>
    /// <param name="project">The folder in Consumers, which has the name of the project.</param>
    /// <param name="settings">The build settings of the project and of those that it references.</param>
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

    /// <summary>Adds a file by its path in the project.</summary>
    public Consumer With(string file, string text)
    {
        File.WriteAllText(Path.Combine(_folder, _project, file), text);
        return this;
    }

    /// <summary>
    /// Adds a file beside the project. A <c>nuget.config</c> there replaces the feed that the restore has otherwise.
    /// </summary>
    public Consumer WithBeside(string file, string text)
    {
        File.WriteAllText(Path.Combine(_folder, file), text);
        return this;
    }

    /// <summary>Restores, and returns the version of a package that NuGet chose.</summary>
    public async Task<string> RestoreAsync(string package, params string[] arguments)
    {
        await DotNet.BuildAsync(_folder, ["restore", _project, "-warnaserror", .. arguments]);
        using var assets = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, _project, "obj", "project.assets.json"), TestContext.Current.CancellationToken));
        return assets.RootElement.GetProperty("libraries").EnumerateObject()
            .Select(static library => library.Name.Split('/'))
            .Single(library => library[0] == package)[1];
    }

    /// <summary>Restores, and returns the errors.</summary>
    public Task<string[]> RestoreErrorsAsync() => DotNet.ErrorsAsync(_folder, "restore", _project);

    /// <summary>Restores and builds with warnings as errors, in the restore too.</summary>
    public Task BuildAsync() => DotNet.BuildAsync(_folder, "build", _project, "-warnaserror");

    /// <summary>Builds like <see cref="BuildAsync"/> and returns the errors.</summary>
    public Task<string[]> ErrorsAsync(params string[] arguments) => DotNet.ErrorsAsync(_folder, ["build", _project, "-warnaserror", .. arguments]);

    /// <summary>
    /// Publishes with warnings as errors, including those of the trimmer and the native compiler, and returns the
    /// folder.
    /// </summary>
    public async Task<string> PublishAsync(string framework)
    {
        var folder = Path.Combine(_folder, "published");
        await DotNet.BuildAsync(_folder, "publish", _project, "-warnaserror", "-f", framework, "--output", folder);
        return folder;
    }

    /// <summary>Gets the path of a file in the project's bin/Debug.</summary>
    public string Built(string framework, string file) => Path.Combine(_folder, _project, "bin", "Debug", framework, file);

    /// <summary>Gets the names of the generated files of a project.</summary>
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
    /// Restores write to a package folder of this test run and only read that of the machine: it stays unchanged, and
    /// packages that it contains need no download.
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
            <!-- Programs for an older .NET run on the installed one. -->
            <RollForward>Major</RollForward>
          </PropertyGroup>

          <PropertyGroup>
            <RestoreAdditionalProjectSources Condition="!Exists('$(MSBuildThisFileDirectory)nuget.config')">{package.Feed}</RestoreAdditionalProjectSources>
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
