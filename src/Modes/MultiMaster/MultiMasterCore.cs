using System.Diagnostics.CodeAnalysis;

namespace Cluster.Modes.MultiMaster;

/// <summary>
/// One replica: takes writes by itself, merges what others send, and compares itself with them. What it has taken is in its state at once; the shell lets nobody see it before it is durable, and brings everything back with
/// the same methods after a restart.
/// </summary>
/// <param name="rules">How states are merged.</param>
/// <param name="clock">Stamps what is written here.</param>
internal sealed partial class MultiMasterCore(MergeRules rules, HybridClock clock)
{
    /// <summary>Objects of one replica, those included of which only the version vector is left. All are held in memory.</summary>
    public const int MostObjects = 100_000;

    /// <summary>Of one object as JSON, when somebody adds to it here. Merging adds what each other node let in at most; so many of a cluster of nine still fit a frame of 1 MiB.</summary>
    public const int ObjectBytesMax = 96 * 1024;

    private static readonly ObjectType[] Types = Enum.GetValues<ObjectType>();

    private readonly SortedDictionary<ObjectId, StoredObject> objects = [];
    private readonly NodeClock known = new();
    private readonly DigestTree digest = new();

    /// <summary>The name that its updates carry; empty until it was born.</summary>
    public string Replica { get; private set; } = "";

    public int Objects => objects.Count;

    /// <summary>Every update up to here is in the state.</summary>
    public VersionVector Known => known.Base;

    /// <summary>Equal at replicas in the same state.</summary>
    public string Hash => digest.Root;

    public IReadOnlyList<string> BucketHashes => digest.Buckets;

    /// <summary>In how many buckets this replica differed from another that knew the same updates, when they were compared last; null before.</summary>
    public int? LastDifference { get; private set; }

    public void Born(string replica) => Replica = replica;

    /// <summary>An update that another replica sent as it took it, or this one took before it was started again.</summary>
    /// <returns>False: it was known.</returns>
    public bool Take(ObjectWritten written)
    {
        var isNew = known.Add(written.Dot);
        return Merge(written.State) | isNew;
    }

    /// <summary>Merges a state.</summary>
    /// <returns>Whether this one has changed.</returns>
    public bool Merge(ReplicatedObject incoming)
    {
        foreach (var entry in incoming.Entries)
        {
            clock.Saw(entry.Stamp);
        }

        var id = new ObjectId(incoming.Key, incoming.Type);
        if (!objects.TryGetValue(id, out var had))
        {
            Keep(id, incoming);
            return true;
        }

        var merged = StoredObject.Of(ObjectMerge.Join(had.Object, incoming, rules));
        if (merged.Hash == had.Hash)
        {
            return false;
        }

        Keep(id, merged);
        return true;
    }

    /// <summary>Everything that another replica had was merged.</summary>
    public void Raise(VersionVector others) => known.Raise(others);

    public ReplicaSnapshot Snapshot() => new(Replica, known.Base, [.. objects.Values.Select(stored => stored.Object)]);

    public void Restore(ReplicaSnapshot snapshot)
    {
        Born(snapshot.Replica);
        Raise(snapshot.Known);
        foreach (var kept in snapshot.Objects)
        {
            Merge(kept);
        }
    }

    private bool TryFind(ObjectId id, [NotNullWhen(true)] out ReplicatedObject? found)
    {
        found = objects.GetValueOrDefault(id)?.Object;
        return found is not null;
    }

    private void Keep(ObjectId id, ReplicatedObject state) => Keep(id, StoredObject.Of(state));

    private void Keep(ObjectId id, StoredObject stored)
    {
        if (objects.TryGetValue(id, out var had))
        {
            digest.Toggle(had.Bucket, had.Hash);
        }

        digest.Toggle(stored.Bucket, stored.Hash);
        objects[id] = stored;
    }
}
