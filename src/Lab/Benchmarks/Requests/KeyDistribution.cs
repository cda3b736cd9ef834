namespace Cluster.Lab.Benchmarks.Requests;

/// <summary>How likely each key is.</summary>
public enum KeyDistribution
{
    Uniform,
    Zipf,
}
