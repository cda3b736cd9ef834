using Cluster.Shared.Http;

namespace Cluster.Lab.Faults;

/// <summary>What to change about one link; null leaves a part as it is, so that faults add up.</summary>
public sealed record LinkChange(
    bool? Cut = null,
    int? DelayMs = null,
    int? JitterMs = null,
    double? LossPercent = null,
    double? DuplicatePercent = null,
    double? ReorderPercent = null,
    long? BytesPerSecond = null)
{
    public static readonly LinkChange CutLink = new(Cut: true);

    public bool IsEmpty => this == new LinkChange();

    /// <summary>The faults of one node after the change: the link to <paramref name="peer"/> changed, the others as they were, links without a fault left out.</summary>
    public IReadOnlyList<LinkFaultView> ApplyTo(IReadOnlyList<LinkFaultView> faults, string peer)
    {
        var before = faults.FirstOrDefault(fault => fault.To == peer) ?? new LinkFaultView(peer);
        var after = before with
        {
            Cut = Cut ?? before.Cut,
            DelayMs = DelayMs ?? before.DelayMs,
            JitterMs = JitterMs ?? before.JitterMs,
            LossPercent = LossPercent ?? before.LossPercent,
            DuplicatePercent = DuplicatePercent ?? before.DuplicatePercent,
            ReorderPercent = ReorderPercent ?? before.ReorderPercent,
            BytesPerSecond = BytesPerSecond ?? before.BytesPerSecond,
        };
        var others = faults.Where(fault => fault.To != peer);
        return after == new LinkFaultView(peer) ? [.. others] : [.. others, after];
    }
}
