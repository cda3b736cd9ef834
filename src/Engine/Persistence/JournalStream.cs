using Cluster.Shared.Ids;

namespace Cluster.Engine.Persistence;

/// <summary>What the journal knows of one persistent actor: its place in the log, and the records since its last snapshot, which an actor that failed is told again.</summary>
internal sealed class JournalStream(ShardId id)
{
    public ShardId Id => id;

    /// <summary>The name that uses it in this life of the node; null until an actor has come.</summary>
    public string? PersistenceId { get; set; }

    /// <summary>The actor that was last told its events; null until one has come.</summary>
    public RecoverEvents? Owner { get; set; }

    public ulong SnapshotSequence { get; private set; }

    /// <summary>Appended, in order, the first one after the snapshot.</summary>
    public List<byte[]> Records { get; } = [];

    public ulong LastSequence => SnapshotSequence + (ulong)Records.Count;

    /// <summary>A snapshot stands for everything up to there.</summary>
    public void Forget(ulong upTo)
    {
        if (upTo > SnapshotSequence)
        {
            Records.RemoveRange(0, (int)Math.Min(upTo - SnapshotSequence, (ulong)Records.Count));
            SnapshotSequence = upTo;
        }
    }
}
