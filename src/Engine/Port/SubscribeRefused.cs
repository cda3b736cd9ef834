using Cluster.Shared.Results;

namespace Cluster.Engine.Port;

/// <summary>The actor was not subscribed, and why: the name is not allowed, a bound is met, or the actor is another node's.</summary>
public sealed record SubscribeRefused(Subscribe Subscribe, ClusterError Error);
