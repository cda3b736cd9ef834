using Cluster.Shared.Wire;

namespace Cluster.Engine.Consensus;

/// <summary>
/// What a replica wants done, and in which order. The shell takes the records one by one and for each:
/// <list type="number">
/// <item>sends <see cref="SendNow"/>, at once: it says nothing that needs this disk (a leader's appends travel while it writes, thesis 10.2.1);</item>
/// <item>writes <see cref="HardState"/> and <see cref="Entries"/> (after <see cref="RestoreSnapshot"/>, which replaces the log), in the order of
/// the batches; when this batch <b>and all before it</b> are durable, it sends <see cref="SendAfterPersist"/> and calls
/// <see cref="RaftCore.Persisted"/>. A batch that writes nothing still waits for those before it;</item>
/// <item>loads <see cref="RestoreSnapshot"/> into the state machine, then applies <see cref="Committed"/>, in order. This need not wait for
/// the writes of this batch: whatever stands there is on this disk already;</item>
/// <item>answers reads, streams snapshots, traces events, in any order.</item>
/// </list>
/// </summary>
public sealed class RaftEffects
{
    internal readonly List<Entry> EntryList = [];
    internal readonly List<RaftMessage> SendNowList = [];
    internal readonly List<RaftMessage> SendAfterPersistList = [];
    internal readonly List<Entry> CommittedList = [];
    internal readonly List<ReadReady> ReadsReadyList = [];
    internal readonly List<ulong> ReadsFailedList = [];
    internal readonly List<SnapshotRequest> SnapshotList = [];
    internal readonly List<RaftEvent> EventList = [];

    internal RaftEffects()
    {
    }

    /// <summary>Rises by one with each record of a replica.</summary>
    public long Batch { get; internal set; }

    /// <summary>Whether this batch writes anything.</summary>
    public bool Persists => HardState is not null || EntryList.Count > 0 || RestoreSnapshot is not null;

    /// <summary>Null when it stands as written last.</summary>
    public HardState? HardState { get; internal set; }

    /// <summary>Written entries from this index on are void before <see cref="Entries"/> are appended; null when nothing is overwritten.</summary>
    public LogIndex? TruncateFrom { get; internal set; }

    /// <summary>To append; contiguous, and starting at <see cref="TruncateFrom"/> if that is set.</summary>
    public IReadOnlyList<Entry> Entries => EntryList;

    /// <summary>To send without waiting.</summary>
    public IReadOnlyList<RaftMessage> SendNow => SendNowList;

    /// <summary>Promises (votes, acknowledgements) and requests that rest on one: to send once this batch and all before it are durable.</summary>
    public IReadOnlyList<RaftMessage> SendAfterPersist => SendAfterPersistList;

    /// <summary>To apply: contiguous with those of the record before, or with <see cref="RestoreSnapshot"/>. Every kind of entry, so that the
    /// shell sees each index pass.</summary>
    public IReadOnlyList<Entry> Committed => CommittedList;

    /// <summary>Reads that a majority has confirmed.</summary>
    public IReadOnlyList<ReadReady> ReadsReady => ReadsReadyList;

    /// <summary>Reads that end without an answer: leadership was lost.</summary>
    public IReadOnlyList<ulong> ReadsFailed => ReadsFailedList;

    /// <summary>Peers that need a snapshot streamed to them.</summary>
    public IReadOnlyList<SnapshotRequest> SendSnapshotTo => SnapshotList;

    /// <summary>The log begins anew after this snapshot, whose file stands on this disk; null when it does not. After a start it may name the
    /// snapshot that the state machine stands at already: then only the log has to follow.</summary>
    public SnapshotMeta? RestoreSnapshot { get; internal set; }

    /// <summary>What happened, for traces and views.</summary>
    public IReadOnlyList<RaftEvent> Events => EventList;

    internal bool IsEmpty =>
        HardState is null && RestoreSnapshot is null && EntryList.Count == 0 && SendNowList.Count == 0 && SendAfterPersistList.Count == 0
        && CommittedList.Count == 0 && ReadsReadyList.Count == 0 && ReadsFailedList.Count == 0 && SnapshotList.Count == 0 && EventList.Count == 0;

    internal void Clear()
    {
        (Batch, HardState, TruncateFrom, RestoreSnapshot) = (0, null, null, null);
        EntryList.Clear();
        SendNowList.Clear();
        SendAfterPersistList.Clear();
        CommittedList.Clear();
        ReadsReadyList.Clear();
        ReadsFailedList.Clear();
        SnapshotList.Clear();
        EventList.Clear();
    }
}
