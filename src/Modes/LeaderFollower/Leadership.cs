namespace Cluster.Modes.LeaderFollower;

/// <summary>
/// One replica's time as the leader of one epoch: how far each follower is, who is in sync, what is committed, whether the lease holds, and who waits for an answer.
/// </summary>
/// <remarks>
/// What is on the leader's disk and on one more of the in-sync set is committed. The next leader is the most advanced of all but one of the set (of one, where it has two or one), so one of those has it.
/// </remarks>
/// <param name="name">The leader's.</param>
/// <param name="config">The set as it was decided last.</param>
/// <param name="start">The first entry of the epoch.</param>
internal sealed class Leadership(string name, ReplicaSet config, long start)
{
    private readonly Dictionary<AckMode, Queue<WaitingWrite>> writes = new() { [AckMode.Async] = [], [AckMode.Semi] = [], [AckMode.Sync] = [] };
    private readonly Dictionary<(string Client, long Number), LogEntry> underWay = [];
    private readonly Dictionary<string, LogEntry> coming = new(StringComparer.Ordinal);
    private readonly HashSet<(string Client, long Number)> waiting = [];

    public long Epoch => Config.Epoch;

    /// <summary>Until an entry of its own epoch is committed, a leader does not know what is (Raft, 5.4.2).</summary>
    public long Start { get; } = start;

    public ReplicaSet Config { get; set; } = config;

    /// <summary>The set that the leader has asked for and has not heard of: both are in force until it has.</summary>
    public IReadOnlyList<string>? Proposed { get; set; }

    public TimeSpan ProposedAt { get; set; }

    /// <summary>A higher epoch that a follower has promised to somebody.</summary>
    public long Outbid { get; set; }

    /// <summary>Up to here the log is on the leader's own disk.</summary>
    public long Durable { get; set; }

    public SortedDictionary<string, FollowerProgress> Followers { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads, and comparisons that failed: each rests on the log up to its barrier.</summary>
    public List<WaitingRead> Reads { get; } = [];

    public int Waiting => waiting.Count + Reads.Count;

    /// <summary>No follower is in sync, and none is about to be: what the leader alone has is all there is.</summary>
    public bool IsAlone => Proposed is null && Config.InSync.Count == 1;

    /// <summary>What is committed by the rule, under each set that may be in force.</summary>
    public long Committed()
    {
        var committed = CommittedUnder(Config.InSync);
        committed = Proposed is null ? committed : Math.Min(committed, CommittedUnder(Proposed));
        return committed >= Start ? committed : 0;
    }

    /// <summary>Whether a set could be made the one in force: what is committed would be on two of it, so that the next leader has it.</summary>
    public bool Covers(IReadOnlyList<string> inSync, long commit) => CommittedUnder(inSync) >= commit;

    /// <summary>
    /// Whether nobody else can have been elected: an election without this leader needs the promise of every follower in sync, and one of them has promised nobody anything for as long as its lease lasts.
    /// With no follower in sync there is nobody to be elected.
    /// </summary>
    public bool HasLease(TimeSpan now, TimeSpan lease) => HasLeaseUnder(Config.InSync, now, lease) && (Proposed is null || HasLeaseUnder(Proposed, now, lease));

    /// <summary>Disks that have an entry.</summary>
    public int CopiesOf(long position) => (Durable >= position ? 1 : 0) + Followers.Values.Count(follower => follower.Match >= position);

    /// <summary>Whether a write of that mode may be answered.</summary>
    public bool MayAnswer(AckMode ack, long position, long commit) => ack switch
    {
        AckMode.Async => Durable >= position,
        AckMode.Semi => commit >= position && Followers.Values.Any(follower => follower.Match >= position),
        _ => commit >= position && AllHave(Config.InSync, position) && (Proposed is null || AllHave(Proposed, position)),
    };

    /// <summary>An entry is in the log: what it will have made counts for whoever comes next.</summary>
    public void Note(LogEntry entry)
    {
        if (entry.Key is not null)
        {
            underWay[(entry.Client, entry.Number)] = entry;
            coming[entry.Key] = entry;
        }
    }

    /// <summary>An entry is committed and in the copy.</summary>
    public void Forget(LogEntry entry)
    {
        underWay.Remove((entry.Client, entry.Number));
        if (entry.Key is not null && coming.GetValueOrDefault(entry.Key) == entry)
        {
            coming.Remove(entry.Key);
        }
    }

    public LogEntry? FindUnderWay(ReplicaCall call) => underWay.GetValueOrDefault((call.Client, call.Number));

    /// <summary>The last entry for the key that is not committed; null where there is none.</summary>
    public LogEntry? FindComing(string key) => coming.GetValueOrDefault(key);

    public bool IsWaiting(ReplicaCall call) => waiting.Contains((call.Client, call.Number));

    public void Wait(WaitingWrite write)
    {
        if (waiting.Add((write.Call.Client, write.Call.Number)))
        {
            writes[write.Call.Ack].Enqueue(write);
        }
    }

    /// <summary>Takes the writes out that may be answered now, in the order of the log.</summary>
    public IEnumerable<WaitingWrite> TakeAnswerable(long commit)
    {
        foreach (var (ack, queue) in writes)
        {
            while (queue.TryPeek(out var first) && MayAnswer(ack, first.Position, commit))
            {
                waiting.Remove((first.Call.Client, first.Call.Number));
                yield return queue.Dequeue();
            }
        }
    }

    private long CommittedUnder(IReadOnlyList<string> inSync)
    {
        var followers = inSync.Where(node => node != name).ToList();
        return followers.Count == 0 ? Durable : Math.Min(Durable, followers.Max(node => Followers.GetValueOrDefault(node)?.Match ?? -1));
    }

    private bool HasLeaseUnder(IReadOnlyList<string> inSync, TimeSpan now, TimeSpan lease) =>
        inSync.Count == 1 || inSync.Any(node => node != name && Followers.GetValueOrDefault(node)?.LeaseFrom is { } from && now - from < lease);

    private bool AllHave(IReadOnlyList<string> inSync, long position) =>
        Durable >= position && inSync.All(node => node == name || Followers.GetValueOrDefault(node)?.Match >= position);
}

/// <summary>A write that is in the log and not answered.</summary>
internal sealed record WaitingWrite(ReplicaCall Call, long Epoch, long Position, bool Replaced);

/// <summary>A read, or a comparison that another value forbade, which waits for the commit of what it rests on and for the lease.</summary>
internal sealed record WaitingRead(ReplicaCall Call, long Barrier, bool IsConflict);
