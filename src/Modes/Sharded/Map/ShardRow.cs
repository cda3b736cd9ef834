namespace Cluster.Modes.Sharded.Map;

/// <summary>
/// One shard in the shard map: which places it has, and which node owns it. An interval of places, or (in the list table) the groups that it has, or all that no other has.
/// </summary>
/// <param name="Shard">Its number in its table, never given twice.</param>
/// <param name="From">The first place of its interval.</param>
/// <param name="To">The place behind its last; null: there is no end.</param>
/// <param name="Owner">The node that has its keys and decides about them.</param>
/// <param name="Epoch">Of the map when its places or its owner last changed: a call carries it, and the owner takes no other.</param>
public sealed record ShardRow(int Shard, string From, string? To, string Owner, long Epoch)
{
    /// <summary>In the list table: its groups, or with <see cref="IsRest"/> those that it has not; null for an interval.</summary>
    public IReadOnlyList<string>? Groups { get; init; }

    /// <summary>It has every group that no other shard has.</summary>
    public bool IsRest { get; init; }

    /// <summary>It was made empty, and its owner has not said yet that it has it.</summary>
    public bool IsNew { get; init; }

    /// <summary>The shard that it was split from; null for a first one.</summary>
    public int? Parent { get; init; }

    /// <summary>The node that its keys are being copied to; null when it is at rest.</summary>
    public string? MovingTo { get; init; }

    /// <summary>The epoch at which its last move began, which names the move; 0: it never moved.</summary>
    public long Move { get; init; }

    public bool Covers(string place) => Groups is null
        ? string.CompareOrdinal(From, place) <= 0 && (To is null || string.CompareOrdinal(place, To) < 0)
        : Groups.Contains(place, StringComparer.Ordinal) != IsRest;

    /// <summary>Its places in words.</summary>
    public string Words => Groups is null ? $"[{From}, {To ?? "end"})" : IsRest ? Groups.Count == 0 ? "all groups" : $"all groups but {string.Join(", ", Groups)}" : $"groups {string.Join(", ", Groups)}";
}
