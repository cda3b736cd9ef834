using Cluster.Modes.MultiMaster;

namespace Cluster.Modes.Tests.MultiMaster;

/// <summary>A few replicas on one board: each writes by itself, and one is told of another's updates when the test says so.</summary>
internal sealed class ReplicaWorld
{
    private readonly MultiMasterCore[] replicas;
    private readonly List<ObjectWritten>[] written;

    public ReplicaWorld(int count, MergeRules? rules = null, bool trustsWallClock = false)
    {
        replicas = [.. Enumerable.Range(0, count).Select(number =>
        {
            var core = new MultiMasterCore(rules ?? MergeRules.Correct, new HybridClock(trustsWallClock));
            core.Born($"r{number}");
            return core;
        })];
        written = [.. replicas.Select(_ => new List<ObjectWritten>())];
    }

    public int Count => replicas.Length;

    /// <summary>Each replica's wall clock, in milliseconds: as wrong as the test wants.</summary>
    public long[] WallMs { get; } = [1_000, 1_000, 1_000, 1_000, 1_000];

    public MultiMasterCore this[int replica] => replicas[replica];

    public IReadOnlyList<ObjectWritten> Written(int replica) => written[replica];

    /// <summary>What a write gave, which must not be a refusal.</summary>
    public MasterMove Do(int replica, Func<MultiMasterCore, long, MasterMove> write)
    {
        var move = write(replicas[replica], WallMs[replica]);
        Assert.Null(move.Refusal);
        if (move.Written is { } taken)
        {
            written[replica].Add(taken);
        }

        return move;
    }

    public MasterMove Put(int replica, string key, string value, ObjectType? type = null, string? context = null, string? token = null) =>
        Do(replica, (core, now) => core.Put(key, type, value, context is null ? null : VersionVector.TryParse(context), token is null ? null : HybridTimestamp.TryParse(token), now));

    public MasterMove Add(int replica, string key, string member) => Do(replica, (core, now) => core.Add(ObjectType.Set, key, member, null, null, now));

    public MasterMove Remove(int replica, string key, string member) => Do(replica, (core, now) => core.Remove(ObjectType.Set, key, member, null, now));

    public MasterMove Increment(int replica, string key, long by) => Do(replica, (core, now) => core.Increment(key, by, now));

    public string? Read(int replica, string key)
    {
        Assert.Null(replicas[replica].Read(key, null, null, out var value));
        return value.Value;
    }

    /// <summary>One replica fetches from another all that it lacks, as the actors do.</summary>
    public int Fetch(int to, int from)
    {
        var (since, pages) = (replicas[to].Known, 0);
        VersionVector? aim = null;
        for (ObjectId? after = null; ; pages++)
        {
            var page = replicas[from].PageFor(since, after);
            aim ??= page.Known;
            foreach (var state in page.Objects)
            {
                replicas[to].Merge(state);
            }

            if (page.Next is not { } next)
            {
                replicas[to].Raise(aim);
                return pages + 1;
            }

            after = next;
        }
    }

    /// <summary>Everybody fetches from everybody.</summary>
    public void Heal()
    {
        for (var to = 0; to < Count; to++)
        {
            for (var from = 0; from < Count; from++)
            {
                Fetch(to, from);
            }
        }

        for (var to = 0; to < Count - 1; to++)
        {
            Fetch(to, Count - 1);
        }
    }
}
