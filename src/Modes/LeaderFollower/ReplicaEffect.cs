namespace Cluster.Modes.LeaderFollower;

/// <summary>What a replica wants done, in this order.</summary>
internal abstract record ReplicaEffect
{
    /// <summary>Make it durable, and tell the core with <see cref="ReplicaCore.Persisted"/>.</summary>
    public sealed record Persist(object Event) : ReplicaEffect;

    /// <summary>Send it to another node's replica.</summary>
    /// <param name="AfterDisk">Only when everything persisted before it is durable.</param>
    public sealed record ToReplica(string Node, object Message, bool AfterDisk) : ReplicaEffect;

    /// <summary>Send it to a node's door.</summary>
    public sealed record ToDoor(string Node, object Message) : ReplicaEffect;

    /// <summary>Ask the replica set, once everything persisted before is durable; its answer comes back as a step.</summary>
    public sealed record AskSet(ReplicaSetCommand Command) : ReplicaEffect;

    /// <summary>This node's door should know who leads now; null: nobody that is known.</summary>
    public sealed record LeaderIs(long Epoch, string? Leader) : ReplicaEffect;

    /// <summary>People who watch should know it.</summary>
    /// <param name="Lost">Acknowledged writes that were lost by it.</param>
    public sealed record Note(string Happened, int Lost = 0) : ReplicaEffect;
}
