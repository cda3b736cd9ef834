namespace Cluster.Engine.Port;

/// <summary>The entity refused a command, or it cannot be a command of its type: nothing has changed.</summary>
/// <param name="Reason">In the decider's words, or the engine's.</param>
public sealed record EntityRefused(string Type, string EntityId, string Reason);
