namespace Cluster.Lab.Benchmarks.Requests;

/// <summary>Every key is as likely as any other.</summary>
public sealed class UniformKeys(long keys) : IKeyChooser
{
    public long Next(RandomNumbers random) => random.Below(keys);
}
