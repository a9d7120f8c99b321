namespace ThriftBreaker.Generator.Tests;

public sealed class FirstTest
{
    [Fact]
    public void Runs() => Assert.True(Directory.Exists(ThriftBreaker.Tests.TestRun.RepositoryRoot));
}
