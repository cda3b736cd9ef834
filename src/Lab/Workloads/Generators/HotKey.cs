using Cluster.Lab.Benchmarks.Requests;

namespace Cluster.Lab.Workloads.Generators;

/// <summary>Every second time the first key, else any.</summary>
internal sealed class HotKey(long keys) : IKeyChooser
{
    public long Next(RandomNumbers random) => random.Below(2) == 0 ? 0 : random.Below(keys);
}
