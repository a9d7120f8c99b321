using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using ThriftBreaker.GeneratorBenchmarks;
using ThriftBreaker.GeneratorBenchmarks.Peers;

if (args is ["--profile", var name])
{
    Profile.Run(name);
    return;
}

// dotnet run -c Release --project tests/GeneratorBenchmarks -- --peers
if (args is ["--peers"])
{
    PeerRun.Run();
    return;
}

// dotnet run -c Release --project tests/GeneratorBenchmarks -- --filter '*'
// Each invocation needs a new project, so each is measured once: no pilot, no unrolling.
var config = DefaultConfig.Instance
    .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithInvocationCount(1).WithUnrollFactor(1).WithWarmupCount(5).WithIterationCount(10))
    .AddLogicalGroupRules(BenchmarkLogicalGroupRule.ByParams)
    .HideColumns(Column.Job, Column.Error, Column.StdDev, Column.RatioSD, Column.AllocRatio, Column.Toolchain, Column.InvocationCount, Column.UnrollFactor)
    .AddColumn(StatisticColumn.Min, StatisticColumn.Median)
    .WithOption(ConfigOptions.JoinSummary, false);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
