namespace Cluster.Lab.Workloads;

/// <summary>How a workload's operations are spread over its keys.</summary>
public enum KeySpread
{
    /// <summary>Every key as likely as any other.</summary>
    Uniform,

    /// <summary>A few keys most of the time, as YCSB skews them.</summary>
    Zipf,

    /// <summary>Every second operation on one key, the others on all.</summary>
    OneHot,
}
