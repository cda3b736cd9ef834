namespace Cluster.Engine.Remoting.Faults;

/// <summary>What a link fault did to one frame, for the counters that show that a fault happened.</summary>
public enum FaultKind
{
    /// <summary>Dropped on its way out by a cut.</summary>
    Cut,

    /// <summary>Dropped on its way in by an incoming cut.</summary>
    CutIncoming,

    /// <summary>A handshake or dial that a cut kept from happening.</summary>
    CutHandshake,

    /// <summary>Dropped by loss.</summary>
    Lost,

    /// <summary>Held back by delay or jitter.</summary>
    Delayed,

    /// <summary>Sent a second time.</summary>
    Duplicated,

    /// <summary>Overtaken by at least one later frame.</summary>
    Reordered,

    /// <summary>Held back by a throttle.</summary>
    Throttled,

    /// <summary>Dropped because the frames held back met their bound.</summary>
    Overflowed,
}
