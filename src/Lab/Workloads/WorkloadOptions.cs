namespace Cluster.Lab.Workloads;

/// <summary>How hard clients work, and on what.</summary>
public sealed record WorkloadOptions
{
    /// <summary>Clients that work at once, each with one operation under way.</summary>
    public int Processes { get; init; } = 12;

    /// <summary>Keys that are read, written and compared-and-set.</summary>
    public int RegisterKeys { get; init; } = 24;

    /// <summary>Keys that are read and counted up.</summary>
    public int CounterKeys { get; init; } = 4;

    /// <summary>Key names begin with it, so that a workload can share a cluster.</summary>
    public string KeyPrefix { get; init; } = "w:";

    /// <summary>Process numbers begin here, so that several workloads can write one history.</summary>
    public int FirstProcess { get; init; }

    /// <summary>
    /// Whether a node is being ended in good order. Such a node answers everything that it took, so what it did not answer it did not execute: the client sends
    /// it again to another node, as one operation. That this is true the checker finds out.
    /// </summary>
    public Func<string, bool> EndsInOrder { get; init; } = static _ => false;

    /// <summary>Of a hundred operations, how many read.</summary>
    public int ReadPercent { get; init; } = 45;

    /// <summary>Of a hundred operations, how many compare-and-set what the client last saw; over HTTP, since Redis has no command for it.</summary>
    public int CasPercent { get; init; } = 10;

    /// <summary>
    /// After it a client gives an operation up as unknown. Longer than a failover, so that a server that retries inside its own deadline gets to answer.
    /// </summary>
    public TimeSpan OperationTimeout { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>Between two operations of one client: bounds the length of the history, and leaves the processors to the nodes.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(4);

    /// <summary>Before a client that found its node gone tries the next one.</summary>
    public TimeSpan ReconnectPause { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Chooses operations and keys. The answers still depend on the cluster.</summary>
    public int Seed { get; init; } = 1;

    public IReadOnlyList<string> Keys() => [.. Enumerable.Range(0, RegisterKeys).Select(RegisterKey), .. Enumerable.Range(0, CounterKeys).Select(CounterKey)];

    public string RegisterKey(int number) => $"{KeyPrefix}r{number}";

    public string CounterKey(int number) => $"{KeyPrefix}c{number}";
}
