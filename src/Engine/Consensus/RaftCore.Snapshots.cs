using Cluster.Shared.Ids;

namespace Cluster.Engine.Consensus;

/// <summary>Compaction, and snapshots to and from other replicas (Raft 7, thesis 5.1).</summary>
public sealed partial class RaftCore
{
    /// <summary>The newest snapshot on this disk, as far as the core was told.</summary>
    private (LogIndex Index, Term Term) snapshot;

    /// <summary>What a snapshot of the state machine taken at that index has to say about itself.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not applied here yet, or compacted away.</exception>
    public SnapshotMeta DescribeSnapshot(LogIndex at)
    {
        if (at > emitted || !log.TryTermAt(at, out var itsTerm))
        {
            throw new ArgumentOutOfRangeException(nameof(at), at, $"{Group} on {Self}: a snapshot stands between {log.BaseIndex} and the last entry given out to apply, {emitted}");
        }

        return new SnapshotMeta(at, itsTerm, ConfigurationAsOf(at));
    }

    /// <summary>A snapshot up to that index is durable: entries before it go, but for those kept for slow followers.</summary>
    /// <param name="keepBytes">At most so much is kept, where that is less than <see cref="RaftOptions.KeepBytes"/>: what a shell with many groups can spare.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index was not given out to apply yet.</exception>
    public void Compact(LogIndex upTo, long keepBytes = long.MaxValue)
    {
        if (upTo <= snapshot.Index)
        {
            return;
        }

        var meta = DescribeSnapshot(upTo);
        snapshot = (meta.Index, meta.Term);
        ForgetConfigurationsBefore(upTo);
        DropBefore(log, upTo, keepBytes);
    }

    /// <summary>Of the entries up to that index, only those stay that are kept for slow followers.</summary>
    private void DropBefore(RaftLog held, LogIndex upTo, long keepBytes = long.MaxValue)
    {
        var keptBytes = 0L;
        for (var index = upTo; index > held.BaseIndex; index = index.Previous)
        {
            keptBytes += RaftLog.SizeOf(held[index]);
        }

        while (held.BaseIndex < upTo && (upTo.Value - held.BaseIndex.Value > (ulong)options.KeepEntries || keptBytes > Math.Min(options.KeepBytes, keepBytes)))
        {
            keptBytes -= RaftLog.SizeOf(held[held.FirstIndex]);
            held.DropFirst();
        }
    }

    /// <summary>The shell streamed a snapshot to that peer, or could not. Appends to it go on, or it is asked again after a heartbeat.</summary>
    public void SnapshotSent(TimeSpan now, NodeId to, bool delivered)
    {
        Advance(now);
        if (role != RaftRole.Leader || PeerOf(to) is not { State: ReplicationState.Snapshot } peer)
        {
            return;
        }

        var next = delivered ? LogIndex.Max(peer.PendingSnapshot, peer.Match).Next : peer.Match.Next;
        ChangeToProbe(peer, next);
        if (!delivered)
        {
            // At once would be a loop between a full disk there and a busy leader here: its next heartbeat reply restarts it.
            peer.ProbeSent = true;
            peer.LastAppendActivity = clock;
        }
    }

    private void AskForSnapshot(Peer peer)
    {
        peer.AwaitSnapshot(snapshot.Index);
        open.SnapshotList.Add(new SnapshotRequest(peer.Id, snapshot.Index));
        Event(new PeerStateChanged(term, peer.Id, peer.State));
    }

    private void RestoreFrom(SnapshotMeta meta)
    {
        log.Reset(meta.Index, meta.Term);
        snapshot = (meta.Index, meta.Term);
        ForgetHanded(LogIndex.Zero);
        handed = emitted = commit = meta.Index;
        RestartConfigurations(meta.Index, meta.Configuration);
        Event(new ConfigurationChanged(term, meta.Index, meta.Configuration));
        RebuildPeers();
        open.RestoreSnapshot = meta;
    }

    private void ForgetConfigurationsBefore(LogIndex index)
    {
        var last = 0;
        while (last + 1 < configurations.Count && configurations[last + 1].Index <= index)
        {
            last++;
        }

        configurations.RemoveRange(0, last);
    }
}
