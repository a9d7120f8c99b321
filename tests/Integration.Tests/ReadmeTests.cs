using System.Globalization;
using System.Text.RegularExpressions;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Integration.Tests;

/// <summary>What the README says is what there is.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Readme = Read("README.md");

    [Theory]
    [InlineData("samples/Minimal/MyService.cs")]
    [InlineData("samples/Minimal/Program.cs")]
    public void ItsExampleIsTheSampleThatIsCompiled(string file)
    {
        Assert.Contains($"```csharp\n{Read(file)}```", Readme, StringComparison.Ordinal);
        Assert.Contains($"]({file})", Readme, StringComparison.Ordinal);
    }

    [Fact]
    public void TheTableOfSettingsNamesEverySettingOfTheMark()
        => Assert.Equal(
            typeof(CircuitBreakerAttribute).GetProperties().Where(static setting => setting.CanWrite).Select(static setting => setting.Name).Order(),
            SettingRows("In the attribute").Select(static row => row[0]).Where(static name => name.Length > 0).Order());

    [Fact]
    public void TheTableOfSettingsNamesEveryOptionWithItsDefault()
    {
        var rows = SettingRows("In the attribute").Where(static row => row[1].Length > 0).ToDictionary(static row => row[1], static row => row[2]);
        var options = typeof(CircuitBreakerOptions).GetProperties().ToDictionary(static option => option.Name, static option => option.GetValue(new CircuitBreakerOptions()));
        Assert.Equal(options.Keys.Order(), rows.Keys.Order());
        foreach (var (name, value) in options.Where(static option => option.Value is int or bool or TimeSpan))
        {
            Assert.Equal(Shown(value!), rows[name]);
        }
    }

    [Fact]
    public void TheTableOfConnectionSettingsNamesEachWithItsDefault()
    {
        var endpoint = new ThriftEndpoint("localhost", 9090);
        var channel = new ThriftChannelOptions();
        var rows = SettingRows("Setting").ToDictionary(static row => row[0], static row => row[1]);
        Assert.Equal(
            new[] { nameof(endpoint.Transport), nameof(endpoint.Protocol), nameof(endpoint.Service), nameof(endpoint.Tls) }.Concat(typeof(ThriftChannelOptions).GetProperties().Select(static option => option.Name)).Order(),
            rows.Keys.Order());
        Assert.Equal(Shown(endpoint.Transport), rows[nameof(endpoint.Transport)]);
        Assert.Equal(Shown(endpoint.Protocol), rows[nameof(endpoint.Protocol)]);
        foreach (var option in typeof(ThriftChannelOptions).GetProperties().Where(static option => option.PropertyType != typeof(TimeProvider) && option.PropertyType != typeof(CircuitBreakerOptions)))
        {
            Assert.Equal(option.GetValue(channel) is { } value ? Shown(value) : "none", rows[option.Name]);
        }
    }

    [Fact]
    public void EveryFileThatItLinksToIsThere()
    {
        var links = Link().Matches(Readme).Select(static match => match.Groups[1].Value).Where(static link => !link.StartsWith("http", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(links);
        Assert.All(links, static link => Assert.True(Path.Exists(Path.Combine(TestRun.RepositoryRoot, link)), $"README.md links to {link}, which is not there."));
    }

    /// <summary>The rows of the table whose first heading is this, without the quotes of code.</summary>
    private static IEnumerable<string[]> SettingRows(string firstHeading)
        => Readme.Split('\n')
            .SkipWhile(line => !line.StartsWith($"| {firstHeading} |", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(static line => line.StartsWith('|'))
            .Select(static line => line.Split('|')[1..^1].Select(static cell => cell.Trim().Trim('`')).ToArray());

    private static string Shown(object value) => value switch
    {
        TimeSpan time => $"{time.TotalSeconds} s",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Read(string file)
        => File.ReadAllText(Path.Combine(TestRun.RepositoryRoot, file)).ReplaceLineEndings("\n");

    [GeneratedRegex(@"\]\(([^)#]+)\)")]
    private static partial Regex Link();
}
