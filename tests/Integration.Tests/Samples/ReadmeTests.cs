using System.Globalization;
using System.Text.RegularExpressions;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Integration.Tests.Samples;

/// <summary>The README matches the code.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Readme = Read("README.md");

    [Theory]
    [InlineData("samples/Minimal/MyService.cs")]
    [InlineData("samples/Minimal/Program.cs")]
    public void Example_IsTheCompiledSample(string file)
    {
        Assert.Contains($"```csharp\n{Read(file)}```", Readme, StringComparison.Ordinal);
        Assert.Contains($"]({file})", Readme, StringComparison.Ordinal);
    }

    [Fact]
    public void SettingsTable_ContainsEachAttributeSetting()
        => Assert.Equal(
            typeof(CircuitBreakerAttribute).GetProperties().Where(static setting => setting.CanWrite).Select(static setting => setting.Name).Order(),
            GetSettingRows("In the attribute").Select(static row => row[0]).Where(static name => name.Length > 0).Order());

    [Fact]
    public void SettingsTable_ContainsEachOptionWithItsDefault()
    {
        var rows = GetSettingRows("In the attribute").Where(static row => row[1].Length > 0).ToDictionary(static row => row[1], static row => row[2]);
        var options = typeof(CircuitBreakerOptions).GetProperties().ToDictionary(static option => option.Name, static option => option.GetValue(new CircuitBreakerOptions()));
        Assert.Equal(options.Keys.Order(), rows.Keys.Order());
        foreach (var (name, value) in options.Where(static option => option.Value is int or bool or TimeSpan))
        {
            Assert.Equal(FormatDefault(value!), rows[name]);
        }
    }

    [Fact]
    public void ConnectionSettingsTable_ContainsEachWithItsDefault()
    {
        var endpoint = new ThriftEndpoint("localhost", 9090);
        var channel = new ThriftChannelOptions();
        var rows = GetSettingRows("Setting").ToDictionary(static row => row[0], static row => row[1]);
        Assert.Equal(
            new[] { nameof(endpoint.Transport), nameof(endpoint.Protocol), nameof(endpoint.Service), nameof(endpoint.Tls) }.Concat(typeof(ThriftChannelOptions).GetProperties().Select(static option => option.Name)).Order(),
            rows.Keys.Order());
        Assert.Equal(FormatDefault(endpoint.Transport), rows[nameof(endpoint.Transport)]);
        Assert.Equal(FormatDefault(endpoint.Protocol), rows[nameof(endpoint.Protocol)]);
        foreach (var option in typeof(ThriftChannelOptions).GetProperties().Where(static option => option.PropertyType != typeof(TimeProvider) && option.PropertyType != typeof(CircuitBreakerOptions)))
        {
            Assert.Equal(option.GetValue(channel) is { } value ? FormatDefault(value) : "none", rows[option.Name]);
        }
    }

    [Fact]
    public void LinkedFiles_Exist()
    {
        var links = Link().Matches(Readme).Select(static match => match.Groups[1].Value).Where(static link => !link.StartsWith("http", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(links);
        Assert.All(links, static link => Assert.True(Path.Exists(Path.Combine(TestRun.RepositoryRoot, link)), $"README.md links to {link}, which does not exist."));
    }

    /// <summary>Gets the rows of the table with this first heading, without code quotes.</summary>
    private static IEnumerable<string[]> GetSettingRows(string firstHeading)
        => Readme.Split('\n')
            .SkipWhile(line => !line.StartsWith($"| {firstHeading} |", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(static line => line.StartsWith('|'))
            .Select(static line => line.Split('|')[1..^1].Select(static cell => cell.Trim().Trim('`')).ToArray());

    private static string FormatDefault(object value) => value switch
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
