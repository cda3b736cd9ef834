using System.Diagnostics;
using System.Diagnostics.Metrics;
using Cluster.Engine.Consensus;
using Cluster.Shared.Http;

namespace Cluster.Engine.Replication;

/// <summary>
/// What a node's replicas and its log do, as <c>System.Diagnostics.Metrics</c> of the meter <see cref="MeterName"/>. Counted per turn and per flush, not per
/// entry, so that the hot path pays next to nothing.
/// </summary>
internal sealed class ReplicationMetrics : IDisposable
{
    public const string MeterName = "Cluster.Engine.Replication";

    private readonly Meter meter = new(MeterName);
    private readonly Counter<long> applied;
    private readonly Counter<long> leaderChanges;
    private readonly Counter<long> snapshots;
    private readonly Histogram<double> flushSeconds;
    private readonly Counter<long> flushedBytes;
    private readonly Counter<long> moves;
    private readonly UpDownCounter<long> movesInFlight;
    private readonly Counter<long> movedBytes;
    private readonly Histogram<double> moveSeconds;

    public ReplicationMetrics(ReplicaBoard board)
    {
        applied = meter.CreateCounter<long>("cluster.raft.entries_applied", "{entry}", "Log entries applied to state machines, all groups.");
        leaderChanges = meter.CreateCounter<long>("cluster.raft.leader_changes", "{change}", "Times a replica here learnt of a new leader of its group.");
        snapshots = meter.CreateCounter<long>("cluster.raft.snapshots_taken", "{snapshot}", "Snapshots made durable here.");
        flushSeconds = meter.CreateHistogram<double>("cluster.log.flush_seconds", "s", "How long one flush of the node's log took: a write and an fsync for all groups.");
        flushedBytes = meter.CreateCounter<long>("cluster.log.flushed_bytes", "By", "Bytes written to the node's log.");
        moves = meter.CreateCounter<long>("cluster.moves", "{move}", "Moves that ended under this node's leadership, by kind and outcome.");
        movesInFlight = meter.CreateUpDownCounter<long>("cluster.moves_in_flight", "{move}", "Moves under way in groups that this node leads.");
        movedBytes = meter.CreateCounter<long>("cluster.moved_bytes", "By", "Snapshots and log entries sent to replicas while they were built.");
        moveSeconds = meter.CreateHistogram<double>("cluster.move_seconds", "s", "How long a move took, by kind and outcome.");
        meter.CreateObservableGauge("cluster.raft.replicas", () => board.All.Count(), "{replica}", "Replicas held by this node, the control plane's included.");
        meter.CreateObservableGauge("cluster.raft.replicas_leading", () => board.All.Count(status => status.Role == RaftRole.Leader), "{replica}", "Replicas on this node that lead their group.");
    }

    public void Applied(int entries) => applied.Add(entries);

    public void LeaderChanged() => leaderChanges.Add(1);

    public void SnapshotTaken() => snapshots.Add(1);

    public void MoveBegan() => movesInFlight.Add(1);

    public void MoveEnded(MoveView move)
    {
        var tags = new TagList { { "kind", move.Kind.ToString() }, { "outcome", move.Outcome.ToString() } };
        moves.Add(1, tags);
        movesInFlight.Add(-1);
        movedBytes.Add(move.Bytes);
        moveSeconds.Record(move.Seconds, tags);
    }

    public void Flushed(TimeSpan took, long bytes)
    {
        flushSeconds.Record(took.TotalSeconds);
        flushedBytes.Add(bytes);
    }

    public void Dispose() => meter.Dispose();
}
