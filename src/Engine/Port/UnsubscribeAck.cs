namespace Cluster.Engine.Port;

/// <summary>Nothing is handed to the actor by that subscription any more; what was before may still lie in its mailbox.</summary>
public sealed record UnsubscribeAck(Unsubscribe Unsubscribe);
