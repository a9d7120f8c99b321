using CsCheck;
using ThriftBreaker.Generator.Tests.Harness;
using ThriftBreaker.Generator.Tests.RandomServices;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Generator.Tests;

/// <summary>
/// For random members of the interfaces of a service, the client compiles without a warning, passes every argument to
/// the service and returns every result. A failure is shrunk and printed as C#, with the seed that reproduces it.
/// </summary>
public sealed class RandomServiceTests
{
    [Fact]
    public void ClientPassesArgumentsAndResultsUnchanged()
        => RandomService.Any.Sample(
            static service =>
            {
                using var code = LoadedCode.Create(service.Text);
                var run = code.Method<RandomService.Run>("Scenario", "Run");
                var bare = run(isGuarded: false);
                var guarded = run(isGuarded: true);
                Assert.Equal(bare.Received, guarded.Received);
                Assert.Equal(bare.Returned, guarded.Returned);
            },
            iter: TestRun.Times(quick: 25, @long: 1_000),
            threads: 1);
}
