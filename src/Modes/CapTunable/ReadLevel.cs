namespace Cluster.Modes.CapTunable;

/// <summary>What a read promises, from the strongest down.</summary>
internal enum ReadLevel
{
    /// <summary>The leader, confirmed by a majority after the question came (read index).</summary>
    Linearizable,

    /// <summary>The leader, as long as a lease says that there is no other: as fresh, if clocks run at nearly one rate.</summary>
    Lease,

    /// <summary>A replica nearby, if it is known to have all that was acknowledged up to the bound ago.</summary>
    Bounded,

    /// <summary>A replica nearby, if it has all that the client has seen.</summary>
    Session,

    /// <summary>A replica nearby.</summary>
    Eventual,
}
