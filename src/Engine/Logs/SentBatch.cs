namespace Cluster.Engine.Logs;

/// <summary>A batch that a producer has sent, and where it went.</summary>
internal readonly record struct SentBatch(ulong Sequence, uint Count, ulong Offset);
