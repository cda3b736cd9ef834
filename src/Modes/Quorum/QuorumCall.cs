namespace Cluster.Modes.Quorum;

/// <summary>What a client asks of one key.</summary>
/// <param name="Id">Its number among all of this life of this node.</param>
/// <param name="Value">What to write; null: nothing, for a deletion.</param>
/// <param name="Write">Drawn at random for each write.</param>
internal sealed record QuorumCall(long Id, QuorumOperation Operation, string Key, QuorumDial Dial, long Write = 0, string? Value = null)
{
    /// <summary>With a write: what the client had seen of the key, which it replaces; null: it replaces whatever is there.</summary>
    public ClientContext? Context { get; init; }

    /// <summary>The highest counter that the client has seen: its next write is above it, also where quorums do not intersect.</summary>
    public long Token { get; init; }

    /// <summary>False only in a broken variant: what was read is answered, whoever else has it.</summary>
    public bool WritesBack { get; init; } = true;
}
