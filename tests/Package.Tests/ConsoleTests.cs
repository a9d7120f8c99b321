using ThriftBreaker.Package.Tests.Harness;

namespace ThriftBreaker.Package.Tests;

/// <summary>A program that contains the code of the Thrift compiler and references only the package.</summary>
public sealed class ConsoleTests(PackedPackage package)
{
    [Theory]
    [InlineData("net8.0", "12.0", "disable")]
    [InlineData("net8.0", "latest", "enable")]
    [InlineData("net10.0", "13.0", "enable")]
    [InlineData("net10.0", "preview", "disable")]
    public async Task ServiceWithTheAttributeIsGuarded(string framework, string language, string nullable)
    {
        var console = new Consumer(package, "Console", new Settings(framework, language, nullable));
        await console.BuildAsync();

        Assert.Equal(
            [
                $"ThriftBreaker for .NETCoreApp,Version=v{framework["net".Length..]}",
                "answered True, circuit Closed",
                "failed, circuit Closed",
                "failed, circuit Closed",
                "failed, circuit Open",
                "rejected, circuit Open",
            ],
            await DotNet.RunAsync(console.Built(framework, "Console.dll")));
    }
}
