namespace Cluster.Modes.LeaderFollower;

/// <summary>
/// One node's replica: its log, its copy of what is committed, and its part in the protocol, as leader, follower or candidate. Pure: what comes in is a message, a tick, or the word that something is durable;
/// what comes out is a list of effects, to be carried out in their order.
/// </summary>
/// <remarks>
/// Replication and comparison of logs are Raft's (Ongaro and Ousterhout 2014, 5.3, 5.4), the set of replicas in sync is Kafka's (Kafka replication, KIP-101, KIP-497); the choice among candidates is left to the
/// <see cref="ReplicaSetDecider"/>, so two replicas are enough to go on.
/// </remarks>
/// <param name="name">This node's.</param>
/// <param name="unfenced">Only in a broken variant: a leader that hears nobody goes on alone, and believes in no newer epoch.</param>
/// <param name="promotesStale">Only in a broken variant: a candidate asks nobody how far they are.</param>
internal sealed partial class ReplicaCore(string name, bool unfenced = false, bool promotesStale = false)
{
    /// <summary>For so long after a leader's word a follower promises nothing to a candidate.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(1.5);

    /// <summary>What the leader counts of it: less, since two clocks need not run alike. They may differ by a fifth.</summary>
    public static readonly TimeSpan LeaderLease = TimeSpan.FromSeconds(1.2);

    /// <summary>A follower that has heard no leader for so long asks who leads, and stands: longer than the lease, else nobody would promise it anything.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(1.8);

    /// <summary>The same while nobody calls, so that one lost heartbeat is no reason.</summary>
    public static readonly TimeSpan IdleSilence = TimeSpan.FromSeconds(3.6);

    /// <summary>Between two candidates' patience, by their place among the members: else they would stand at once, again and again.</summary>
    public static readonly TimeSpan Stagger = TimeSpan.FromMilliseconds(200);

    /// <summary>Between two words of a leader to a follower, and until a sending is repeated, when the mode is in use: three within a lease.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromMilliseconds(400);

    /// <summary>The same, when nobody has called for <see cref="IdleAfter"/>: a little less than a second, so that a tick each second is never too early by a hair.</summary>
    public static readonly TimeSpan IdleHeartbeat = TimeSpan.FromSeconds(0.8);

    public static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(10);

    /// <summary>A follower that owes an answer for so long is not in sync: what waits for it goes on without it.</summary>
    public static readonly TimeSpan MostLag = TimeSpan.FromSeconds(1.5);

    /// <summary>An answer of the replica set, or promises, that do not come within that are asked for again.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Entries that are not committed, and calls that wait: more is overload, and their clients send them again.</summary>
    public const int MostUncommitted = 10_000;

    private readonly ReplicaLog log = new();
    private readonly ReplicaCopy copy = new();
    private readonly List<StatePiece> kept = [];
    private List<ReplicaEffect> effects = [];

    private TimeSpan now;
    private TimeSpan begun;
    private IReadOnlyList<string> members = [];

    /// <summary>Older epochs are refused: durable before anything that rests on it is sent.</summary>
    private long promised;

    private long leaderEpoch;
    private string? leader;
    private TimeSpan lastHeard;
    private TimeSpan lastUsed = TimeSpan.MinValue;
    private TimeSpan promisesNothingBefore;

    /// <summary>The copy has everything that was committed at this moment of the own clock.</summary>
    private TimeSpan? freshAt;

    private Leadership? leading;

    /// <summary>Whether anything was ever asked of the mode here: until then no timer runs.</summary>
    public bool IsInUse { get; private set; }

    /// <summary>Whether it was used lately.</summary>
    public bool IsBusy => IsInUse && now - IdleAfter < lastUsed;

    public bool IsLeading => leading is not null;

    public long Epoch => leaderEpoch;

    public string? Leader => leader;

    public long Commit => copy.Position;

    public long End => log.End;

    /// <summary>How far the copy may be behind; null where it cannot be told.</summary>
    public TimeSpan? Age => leading is { } mine && mine.HasLease(now, LeaderLease) && copy.Position >= mine.Start ? TimeSpan.Zero : freshAt is { } fresh ? now - fresh : null;

    /// <summary>What the copy has at a key; null for nothing.</summary>
    public CopyEntry? Find(string key) => copy.Find(key);

    /// <summary>One step.</summary>
    /// <param name="input">A message, an answer of the replica set, or a <see cref="ReplicaTick"/>.</param>
    /// <param name="at">The node's monotonic clock.</param>
    /// <param name="wall">Its wall clock, in milliseconds.</param>
    /// <param name="up">The members that are up, the oldest first.</param>
    public IReadOnlyList<ReplicaEffect> Step(object input, TimeSpan at, long wall, IReadOnlyList<string> up)
    {
        (effects, now, members) = ([], at, up);
        switch (input)
        {
            case ReplicaTick:
                Tick();
                break;
            case ReplicaCall call:
                Use();
                Take(call, wall);
                break;
            case ReadCopy read:
                Use();
                Read(read);
                break;
            case AppendEntries append:
                Hear(append);
                break;
            case EntriesKept kept:
                Count(kept);
                break;
            case StatePart part:
                Hear(part);
                break;
            case PartsTaken taken:
                Count(taken);
                break;
            case AskPromise ask:
                Promise(ask);
                break;
            case EpochPromise promise:
                Count(promise);
                break;
            case StandForLeader stand when leading is null:
                Use();
                standing = new Candidacy(stand.Unclean, now);
                effects.Add(new ReplicaEffect.AskSet(new ShowReplicaSet()));
                break;
            case ReplicaSet set:
                Learn(set);
                break;
        }

        return effects;
    }

    /// <summary>Something that was to be persisted is durable.</summary>
    public IReadOnlyList<ReplicaEffect> Persisted(object happened, TimeSpan at, IReadOnlyList<string> up)
    {
        (effects, now, members) = ([], at, up);
        if (leading is { } mine && happened is EntriesAppended { Entries: [.., var last] } && last.Epoch == mine.Epoch)
        {
            mine.Durable = Math.Max(mine.Durable, last.Position);
            Advance(mine);
        }

        return effects;
    }

    /// <summary>After a restart: what was persisted, in order.</summary>
    public void Recover(object happened)
    {
        switch (happened)
        {
            case EpochPromised promise:
                promised = Math.Max(promised, promise.Epoch);
                break;
            case EntriesAppended appended:
                log.Truncate(Math.Max(appended.After, copy.Position));
                foreach (var entry in appended.Entries.Where(entry => entry.Position == log.End + 1))
                {
                    log.Append(entry);
                    promised = Math.Max(promised, entry.Epoch);
                }

                break;
            case PieceKept piece:
                if (piece.Index == 0)
                {
                    kept.Clear();
                }

                kept.Add(piece.Piece);
                break;
            case StateInstalled installed when kept.Count == installed.Pieces: // Else a snapshot has been taken since the first piece, and holds what they made.
                Install([.. kept], installed.Position, installed.Epochs);
                kept.Clear();
                break;
        }
    }

    /// <summary>The recovery is through. A replica that may have forgotten a lease that it gave keeps it by promising nothing for so long.</summary>
    public void Begin(TimeSpan at)
    {
        (now, begun, lastHeard, promisesNothingBefore) = (at, at, at, at + Lease);
        IsInUse = promised > 0;
    }

    public ReplicaSnapshot Snapshot()
    {
        var pieces = copy.Pieces();
        return new ReplicaSnapshot(
            promised,
            new StatePiece([.. pieces.SelectMany(piece => piece.Keys)], [.. pieces.SelectMany(piece => piece.Clients)]),
            copy.Position,
            [.. log.Epochs],
            [.. log.After(copy.Position)]);
    }

    public void Restore(ReplicaSnapshot snapshot)
    {
        promised = snapshot.Promised;
        Install([snapshot.State], snapshot.Position, [.. snapshot.Epochs.Where(epoch => epoch.Position <= snapshot.Position)]);
        foreach (var entry in snapshot.Tail)
        {
            log.Append(entry);
        }
    }

    private void Install(IReadOnlyList<StatePiece> pieces, long position, IReadOnlyList<EpochStart> epochs)
    {
        copy.Restore(pieces, position);
        log.Reset(position, epochs);
    }

    private void Use()
    {
        if (!IsInUse)
        {
            (IsInUse, lastHeard, standing) = (true, now, new Candidacy(false, now));
            effects.Add(new ReplicaEffect.AskSet(new ShowReplicaSet()));
        }

        lastUsed = now;
    }

    private void Tick()
    {
        if (leading is { } mine)
        {
            Lead(mine);
        }
        else
        {
            LookForLeader();
        }
    }

    private void Follow(long epoch, string? who)
    {
        if (leading is { } mine)
        {
            effects.Add(new ReplicaEffect.Note($"{name} no longer leads in epoch {mine.Epoch}: {(who is null ? "a newer epoch has begun" : $"{who} leads in epoch {epoch}")}"));
            leading = null;
        }

        if (leaderEpoch != epoch || leader != who)
        {
            (leaderEpoch, leader) = (epoch, who);
            effects.Add(new ReplicaEffect.LeaderIs(epoch, who));
        }
    }

    private void PromiseUpTo(long epoch)
    {
        if (epoch > promised)
        {
            promised = epoch;
            effects.Add(new ReplicaEffect.Persist(new EpochPromised(epoch)));
        }
    }

    private void Send(string node, object message, bool afterDisk = false) => effects.Add(new ReplicaEffect.ToReplica(node, message, afterDisk));
}

/// <summary>Time has passed.</summary>
internal sealed record ReplicaTick
{
    public static readonly ReplicaTick Instance = new();
}
