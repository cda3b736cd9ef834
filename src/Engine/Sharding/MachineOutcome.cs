namespace Cluster.Engine.Sharding;

/// <summary>What a decision is, and so what its reply rests on.</summary>
internal enum MachineOutcome
{
    /// <summary>There is an event. The reply holds once the event is applied.</summary>
    Changed = 0,

    /// <summary>
    /// A command that may change things changed nothing on this state (a condition failed, the key is absent). With a session the reply is logged all the
    /// same: else a late duplicate of a request that was told "no" could still take effect.
    /// </summary>
    Unchanged = 1,

    /// <summary>A command that never changes anything: the reply rests on the state.</summary>
    Read = 2,

    /// <summary>The command is wrong whatever the state: the reply rests on nothing.</summary>
    Refused = 3,
}
