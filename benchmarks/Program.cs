using BenchmarkDotNet.Running;
using Cluster.Benchmarks.FanOut;
using Cluster.Benchmarks.Logs;
using Cluster.Benchmarks.Micro;
using Cluster.Benchmarks.Peers;
using Cluster.Benchmarks.Simulated;
using Cluster.Benchmarks.Throughput;

// micro [BenchmarkDotNet's arguments] | throughput [--list] [--filter TEXT] [--rounds N] [--out FILE] | peers [--list] [--rounds N] [--seconds S] [--out FILE]
// | fanout [--subscribers N ...] [--seconds S] [--out FILE] | log [--partitions N] [--batch N] [--seconds S] [--out FILE] | simulator [--seconds S] [--rounds N] [--out FILE]
switch (args)
{
    case ["micro", .. var rest]:
        BenchmarkSwitcher.FromAssembly(typeof(MicroConfig).Assembly).Run(rest, new MicroConfig());
        return 0;
    case ["throughput", .. var rest]:
        return await ThroughputRunner.RunAsync(rest);
    case ["peers", .. var rest]:
        return await PeersRunner.RunAsync(rest);
    case ["fanout", .. var rest]:
        return await FanOutRunner.RunAsync(rest);
    case ["log", .. var rest]:
        return await LogRunner.RunAsync(rest);
    case ["simulator", .. var rest]:
        return SimulatorRunner.Run(rest);
    default:
        Console.Error.WriteLine("usage: micro | throughput | peers | fanout | log | simulator; --list, or --help, shows what each has");
        return 64;
}
