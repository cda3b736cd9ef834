namespace Cluster.Engine.Membership;

/// <summary>What a peer's unreachability is known by.</summary>
internal enum UnreachableCause
{
    /// <summary>It is reachable.</summary>
    None = 0,

    /// <summary>Its machine refused a connection: nobody listens there. A hint for routing only.</summary>
    LinkRefused = 1,

    /// <summary>Its detector suspects it.</summary>
    Silence = 2,
}
