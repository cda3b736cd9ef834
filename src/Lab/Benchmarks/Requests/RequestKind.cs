namespace Cluster.Lab.Benchmarks.Requests;

/// <summary>What one request of a benchmark is.</summary>
public enum RequestKind : byte
{
    Set,
    Get,
    Increment,

    /// <summary>Ten keys in one command, as redis-benchmark does.</summary>
    SetMany,

    /// <summary>Nothing but the protocol: what a server and its connections cost without a store.</summary>
    Ping,
}
