namespace Cluster.Engine.KeyValue;

/// <summary>What a decision's events will do, for the leader's overlay: changed keys, in order, and the counters after them.</summary>
internal sealed record KeyValueEffects(KeyValueChange[] Changes, ulong Revision, long KeyCount);
