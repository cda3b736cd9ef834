namespace Cluster.Engine.Actors;

/// <summary>What names a pending ask: a number within this life of the node, and a uid that no other life has.</summary>
internal sealed record PromiseId(long Number, long Uid);
