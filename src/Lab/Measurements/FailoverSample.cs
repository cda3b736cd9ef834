using Cluster.Shared.Ids;

namespace Cluster.Lab.Measurements;

/// <summary>One killed leader.</summary>
/// <param name="Killed">The node whose process was killed.</param>
/// <param name="Through">The node that was asked.</param>
/// <param name="Gap">From the kill to the first acknowledged write.</param>
/// <param name="Attempts">Requests it took: a door waits by itself, so mostly one.</param>
public sealed record FailoverSample(ShardId Shard, string Killed, string Through, TimeSpan Gap, int Attempts);
