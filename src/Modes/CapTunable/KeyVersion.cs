namespace Cluster.Modes.CapTunable;

/// <summary>Versions in words: <c>p5:17</c>, the seventeenth write of partition 5.</summary>
internal static class KeyVersion
{
    /// <returns>Null for position 0: nothing was written.</returns>
    public static string? Of(int partition, long position) => position == 0 ? null : FormattableString.Invariant($"{PartitionCore.IdOf(partition)}:{position}");
}
