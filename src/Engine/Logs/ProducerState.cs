using System.Collections.Immutable;

namespace Cluster.Engine.Logs;

/// <summary>What a partition remembers of an idempotent producer (KIP-98): its newest epoch, the sequence number that comes next, and where its last batches went.</summary>
/// <param name="Recent">The oldest first, <see cref="LogBounds.RememberedBatches"/> at most.</param>
internal sealed record ProducerState(uint Epoch, ulong NextSequence, ImmutableArray<SentBatch> Recent)
{
    /// <summary>The first offset of its newest batch: who appended longest ago is forgotten first.</summary>
    public ulong LastOffset => Recent[^1].Offset;

    public ProducerState After(uint epoch, SentBatch sent) => epoch == Epoch
        ? this with { NextSequence = sent.Sequence + sent.Count, Recent = [.. Recent.Skip(Recent.Length == LogBounds.RememberedBatches ? 1 : 0), sent] }
        : First(epoch, sent);

    public static ProducerState First(uint epoch, SentBatch sent) => new(epoch, sent.Sequence + sent.Count, [sent]);
}
