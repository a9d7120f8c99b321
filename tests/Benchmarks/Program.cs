using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using Perfolizer.Horology;
using ThriftBreaker.Benchmarks;

switch (args)
{
    case ["--profile", var name]:
        await Profile.RunAsync(name);
        return;

    case ["--idle-endpoints"]:
        await IdleEndpoints.RunAsync();
        return;

    case ["--dashboard-cost"]:
        await DashboardCost.RunAsync();
        return;

    case ["--dashboard-memory"]:
        await DashboardMemory.RunAsync();
        return;

    case ["--serve-dashboard"]:
        await DashboardMemory.ServeAsync();
        return;

    case ["--view", var address]:
        await DashboardCost.ViewAsync(address);
        return;

    case ["--python-server", var port]:
        await PythonServer.RunAsync(int.Parse(port, CultureInfo.InvariantCulture));
        return;

    case ["--serve"]:
        await IdleEndpoints.ServeAsync();
        return;
}

// dotnet run -c Release --project tests/Benchmarks -- --filter '*'
//
// All contenders of a class run sequentially, each in a separate process, so that none runs code compiled for another.
// Their ratios are stable; absolute times depend on the machine.
var config = DefaultConfig.Instance
    .AddJob(Job.Default.WithIterationTime(TimeInterval.FromMilliseconds(200)).WithWarmupCount(8).WithIterationCount(15))
    .AddLogicalGroupRules(BenchmarkLogicalGroupRule.ByCategory)
    .HideColumns(Column.Job, Column.Error, Column.StdDev, Column.RatioSD, Column.AllocRatio, Column.Toolchain)
    .AddColumn(StatisticColumn.Median)
    .WithOption(ConfigOptions.JoinSummary, false);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
