using Cluster.Shared.Wire;

namespace Cluster.Lab.Workloads;

/// <summary>How hard clients work, and on what.</summary>
public sealed record WorkloadOptions
{
    /// <summary>Clients that work at once, each with one operation under way.</summary>
    public int Processes { get; init; } = 12;

    /// <summary>Keys at work at once: registers, counters, sets, lists, queues, partitions, locks or accounts. Null: as many as suit the workload.</summary>
    public int? Keys { get; init; }

    /// <summary>Beside them, in the workload "kv", keys that are read and counted up.</summary>
    public int CounterKeys { get; init; } = 4;

    /// <summary>How operations are spread over the keys.</summary>
    public KeySpread Spread { get; init; }

    /// <summary>
    /// Most values that one set, list or queue is given before another key takes its place; each client has its share. Bounds the length of what is stored, read and kept in a
    /// history, and the work of judging it.
    /// </summary>
    public int WritesPerKey { get; init; } = 96;

    /// <summary>How long a lock is held at most. Some dozen operations: holders that fall asleep lose it while they sleep.</summary>
    public TimeSpan LockLease { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>What reads may see. Transactions, and the reads after the run, are linearizable whatever is asked for here.</summary>
    public ReadConsistency Consistency { get; init; } = ReadConsistency.Linearizable;

    /// <summary>
    /// Null: a closed loop, in which each client waits for its answer and pauses. Else an open one: so many operations start each second over all clients, whatever
    /// the answers; one that finds every client at work waits, and its latency counts from when it was due.
    /// </summary>
    public double? RatePerSecond { get; init; }

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

    /// <summary>
    /// Of the clients, how many read only, in the workloads on registers and counters: a client that writes to a leader that is cut off waits for its answer, and sees
    /// nothing of what that leader tells readers meanwhile.
    /// </summary>
    public int Readers { get; init; }

    /// <summary>Of a hundred operations on registers, how many compare-and-set what the client last saw; over HTTP, since Redis has no command for it.</summary>
    public int CasPercent { get; init; } = 10;

    /// <summary>Of a hundred operations on registers, how many delete, instead of writing. Only for the workload "kv": a register of its own has no such word.</summary>
    public int DeletePercent { get; init; }

    /// <summary>
    /// After it a client gives an operation up as unknown. Longer than a failover, so that a server that retries inside its own deadline gets to answer.
    /// </summary>
    public TimeSpan OperationTimeout { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>Between two operations of one client in a closed loop: bounds the length of the history, and leaves the processors to the nodes.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(4);

    /// <summary>Before a client that found its node gone tries the next one.</summary>
    public TimeSpan ReconnectPause { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Chooses operations and keys. The answers still depend on the cluster.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The names of the keys of the workload "kv".</summary>
    public IReadOnlyList<string> KeyValueKeys() =>
        [.. Enumerable.Range(0, Keys ?? WorkloadCatalog.DefaultRegisters).Select(RegisterKey), .. Enumerable.Range(0, CounterKeys).Select(CounterKey)];

    public string RegisterKey(int number) => $"{KeyPrefix}r{number}";

    public string CounterKey(int number) => $"{KeyPrefix}c{number}";
}
