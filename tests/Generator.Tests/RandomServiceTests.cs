using CsCheck;
using ThriftBreaker.Generator.Tests.Harness;
using ThriftBreaker.Generator.Tests.RandomServices;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Generator.Tests;

/// <summary>
/// Whatever members the interfaces of a service have: its client compiles without a warning, hands every argument on, and every
/// answer back. A failure is shrunk and printed as C#, with the seed that brings it back.
/// </summary>
public sealed class RandomServiceTests
{
    [Fact]
    public void AClientHearsAndSaysWhatTheServiceDoes()
        => RandomService.Any.Sample(
            static service =>
            {
                using var code = LoadedCode.Of(service.Text);
                var run = code.Method<RandomService.Run>("Scenario", "Run");
                var bare = run(isGuarded: false);
                var guarded = run(isGuarded: true);
                Assert.Equal(bare.Heard, guarded.Heard);
                Assert.Equal(bare.Got, guarded.Got);
            },
            iter: TestRun.Times(quick: 25, @long: 1_000),
            threads: 1);
}
