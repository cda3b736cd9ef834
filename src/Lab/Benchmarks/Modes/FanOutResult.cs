namespace Cluster.Lab.Benchmarks.Modes;

/// <summary>What one run came to, counted when all that was published had been heard, or was late.</summary>
public sealed record FanOutResult(long Published, long Delivered, TimeSpan Time);
