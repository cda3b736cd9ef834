using Cluster.Modes.Quorum;

namespace Cluster.Modes.Tests.Quorum;

/// <content>What happens to replicas apart from requests.</content>
internal sealed partial class QuorumWorld
{
    private long drawn;

    /// <summary>The node comes back under its name, and its disk is empty.</summary>
    public void LoseDisk(string node) => Replicas[node] = NewReplica(node);

    /// <summary>A ring change moves the key off the node, and another brings its place back.</summary>
    public void MoveOff(string node, string key) => Apply(Replicas[node], new KeyMoved(key, StateDigest.Of(key, Replicas[node].Known(key))));

    /// <summary>As the replica's actor does, with a disk that is never late.</summary>
    public object Number(ReplicaCore replica, AddVersion asked)
    {
        if (!replica.HasNumbered(asked.Write) && replica.WhyRefused(asked.Write) is null)
        {
            Apply(replica, replica.Number(asked, ++drawn));
        }

        return replica.WhyRefused(asked.Write) is { } why
            ? new QuorumRefused(asked.Id, Name(replica), why, IsFinal: true)
            : new VersionAdded(asked.Id, Name(replica), replica.Known(asked.Key));
    }

    public void Apply(ReplicaCore replica, object? happened)
    {
        if (happened is not null)
        {
            replica.Apply(happened);
        }
    }

    /// <summary>As a coordinator has it stored.</summary>
    public void Store(ReplicaCore replica, string key, string? value, long counter, string? hintFor = null) =>
        Apply(replica, replica.Store(new StoreKey(0, 0, key, KeyState.Written(new Tag(counter, "n1", counter), value), hintFor)));

    /// <summary>One whole exchange of anti-entropy, begun by the first.</summary>
    /// <returns>Hashes that were sent.</returns>
    public int Compare(ReplicaCore one, ReplicaCore other)
    {
        var (hashes, receiver) = (0, other);
        object? message = one.BeginComparison(Replicas.FirstOrDefault(known => known.Value == other).Key ?? "n2");
        while (message is not null)
        {
            hashes += message is CompareTrees trees ? trees.Hashes.Count : 0;
            var answer = message switch
            {
                CompareTrees compared => receiver.Compare(compared, default),
                CompareKeys compared => receiver.Compare(compared, default),
                RepairKeys repair => Repair(receiver, repair),
                _ => throw new InvalidOperationException($"{message}"),
            };
            (message, receiver) = (answer, receiver == one ? other : one);
        }

        return hashes;
    }

    /// <summary>What a comparison brings arrives.</summary>
    /// <returns>What was wanted in turn.</returns>
    public RepairKeys? Repair(ReplicaCore at, RepairKeys repair)
    {
        foreach (var happened in at.Take(repair))
        {
            Apply(at, happened);
        }

        return at.Give(repair);
    }

    public void HandOver(ReplicaCore holder, string to)
    {
        var batch = holder.BeginHandOff(to)!;
        foreach (var happened in Replicas[to].Take(batch)!)
        {
            Apply(Replicas[to], happened);
        }

        Apply(holder, holder.EndHandOff(new HandOffTaken(batch.Number, to)));
    }

    private ReplicaCore NewReplica(string name)
    {
        var replica = new ReplicaCore(name);
        replica.Place(Ring);
        return replica;
    }
}
