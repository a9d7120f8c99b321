using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ThriftBreaker.Package.Tests.Harness;

namespace ThriftBreaker.Package.Tests;

/// <summary>
/// The installation of the README. Another feed has packages of the same names with higher versions, as an attacker can
/// publish them.
/// </summary>
public sealed partial class InstallationTests(PackedPackage package)
{
    private const string HostileVersion = "99.0.0";
    private const string Newest = "-p:ThriftBreakerVersion=*-*";

    private static readonly string Readme = File.ReadAllText(Repository.Path("README.md")).ReplaceLineEndings("\n");

    [Theory]
    [InlineData("Console", "ThriftBreaker")]
    [InlineData("App", "ThriftBreaker.Hosting")]
    public async Task PackagesComeFromTheMappedFeed(string project, string name)
    {
        var consumer = CreateConsumer(project, Configuration());

        Assert.Equal(PackedPackage.Version, await consumer.RestoreAsync(name));
        Assert.Equal(PackedPackage.Version, await consumer.RestoreAsync(name, Newest));
    }

    /// <summary>The hostile feed is able to win.</summary>
    [Fact]
    public async Task WithoutTheMappingTheHigherVersionWins()
    {
        var configuration = Configuration();
        configuration.Root!.Element("packageSourceMapping")!.Remove();

        Assert.Equal(HostileVersion, await CreateConsumer("Console", configuration).RestoreAsync("ThriftBreaker", Newest));
    }

    [Fact]
    public void CommandNamesThePackedVersion()
    {
        var version = (string)XDocument.Load(Repository.Path("Directory.Build.props")).Descendants("Version").Single();

        Assert.Equal([version], AddPackage.Matches(Readme).Select(static match => match.Groups[1].Value));
    }

    /// <summary>The sources of the README, with the packed feed and the hostile one in place of nuget.org.</summary>
    private XDocument Configuration()
    {
        var configuration = XDocument.Parse(NuGetConfig.Match(Readme).Groups[1].Value);
        var sources = configuration.Descendants("add").ToDictionary(static source => (string)source.Attribute("key")!);
        Assert.Equal(["ThriftBreaker", "nuget.org"], sources.Keys.Order(StringComparer.Ordinal));
        sources["ThriftBreaker"].SetAttributeValue("value", package.Feed);
        sources["nuget.org"].SetAttributeValue("value", CreateHostileFeed());
        return configuration;
    }

    private Consumer CreateConsumer(string project, XDocument configuration)
        => new Consumer(package, project, new Settings("net10.0", "latest", "enable")).WithBeside("nuget.config", configuration.ToString());

    private string CreateHostileFeed()
    {
        var feed = Directory.CreateDirectory(Path.Combine(package.Folder, Path.GetRandomFileName())).FullName;
        foreach (var name in PackedPackage.Companions.Append("ThriftBreaker"))
        {
            using var archive = ZipFile.Open(Path.Combine(feed, $"{name}.{HostileVersion}.nupkg"), ZipArchiveMode.Create);
            using (var specification = new StreamWriter(archive.CreateEntry(name + ".nuspec").Open()))
            {
                specification.Write($"<package><metadata><id>{name}</id><version>{HostileVersion}</version><authors>a</authors><description>d</description></metadata></package>");
            }

            archive.CreateEntry("lib/net8.0/_._").Open().Dispose();
        }

        return feed;
    }

    [GeneratedRegex("```xml\n(<configuration>.*?)```", RegexOptions.Singleline)]
    private static partial Regex NuGetConfig { get; }

    [GeneratedRegex("^dotnet add package ThriftBreaker --version (.*)$", RegexOptions.Multiline)]
    private static partial Regex AddPackage { get; }
}
