namespace Cluster.Lab.Benchmarks.Requests;

/// <summary>Every key once, in order, from <paramref name="first"/> in steps: several loops load the keys between them.</summary>
public sealed class SequentialKeys(long first, long step) : IKeyChooser
{
    private long next = first;

    public long Next(RandomNumbers random)
    {
        var key = next;
        next += step;
        return key;
    }
}
