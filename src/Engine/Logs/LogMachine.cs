using System.Diagnostics.CodeAnalysis;
using Cluster.Engine.Sharding;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Logs;

/// <summary>
/// All partitions of the durable log in one shard, as a replicated machine. A transaction is one entry: its steps happen together or not at all, on partitions of this shard. A batch
/// gets its offsets from the leader, on what it has proposed so far; every replica keeps the same bytes, so whoever leads next goes on at the same offset.
/// </summary>
internal sealed partial class LogMachine : IShardMachine
{
    /// <summary>The machine's number in every shard.</summary>
    public const uint Id = 2;

    private readonly SortedDictionary<string, Partition> partitions = new(StringComparer.Ordinal);
    private readonly HashSet<Partition> changed = [];
    private readonly Dictionary<Partition, ulong> digests = [];
    private readonly Queue<(ulong Index, Partition Partition)> proposed = new();
    private ulong hash;

    public uint Machine => Id;

    public bool IsUnused => partitions.Values.All(partition => !Exists(partition));

    public long StateBytes => partitions.Values.Sum(partition => partition.Applied.Bytes);

    public ulong StateHash
    {
        get
        {
            foreach (var partition in changed)
            {
                var digest = partition.Digest;
                hash += digest - digests.GetValueOrDefault(partition);
                digests[partition] = digest;
            }

            changed.Clear();
            return hash;
        }
    }

    public void Proposed(ulong index, in MachineDecision decision)
    {
        foreach (var (name, head) in (IReadOnlyDictionary<string, PartitionHead>)decision.Effects!)
        {
            var partition = PartitionOf(name);
            partition.Propose(index, head);
            proposed.Enqueue((index, partition));
        }
    }

    public void DropProposed()
    {
        while (proposed.TryDequeue(out var next))
        {
            next.Partition.ForgetProposed();
        }
    }

    public void Apply(ulong index, ByteString @event, long atUnixMs)
    {
        foreach (var change in Parse(index, @event).Changes)
        {
            var partition = PartitionOf(change.Partition);
            try
            {
                partition.Apply(change);
            }
            catch (Exception broken) when (broken is InvalidDataException or InvalidProtocolBufferException)
            {
                throw new InvalidDataException($"Log entry {index}: partition {change.Partition}: {broken.Message}", broken);
            }

            changed.Add(partition);
        }

        Settle(index);
    }

    private static LogEvent Parse(ulong index, ByteString @event)
    {
        try
        {
            return LogEvent.Parser.ParseFrom(@event);
        }
        catch (InvalidProtocolBufferException damaged)
        {
            throw new InvalidDataException($"Log entry {index} holds no change to a durable log: {damaged.Message}", damaged);
        }
    }

    /// <summary>Whoever has nothing proposed past this entry is what it was applied to be.</summary>
    private void Settle(ulong index)
    {
        while (proposed.TryPeek(out var next) && next.Index <= index)
        {
            proposed.Dequeue();
            if (next.Partition.ProposedIndex == next.Index)
            {
                next.Partition.ForgetProposed();
            }
        }
    }

    private Partition PartitionOf(string name)
    {
        if (!partitions.TryGetValue(name, out var partition))
        {
            partitions.Add(name, partition = new Partition(name));
        }

        return partition;
    }

    /// <summary>One that was only ever proposed to, and lost, is not there.</summary>
    private static bool Exists(Partition partition) => !ReferenceEquals(partition.Applied, PartitionHead.Empty);

    private bool TryFind(string name, [NotNullWhen(true)] out Partition? partition) => partitions.TryGetValue(name, out partition) && Exists(partition);
}
