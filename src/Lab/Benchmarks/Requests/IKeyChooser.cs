namespace Cluster.Lab.Benchmarks.Requests;

/// <summary>Which key comes next.</summary>
public interface IKeyChooser
{
    /// <summary>A number from 0, below the number of keys.</summary>
    long Next(RandomNumbers random);
}
