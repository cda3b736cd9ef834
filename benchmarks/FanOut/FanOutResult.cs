namespace Cluster.Benchmarks.FanOut;

/// <summary>What one run came to, counted when all that was published had been heard, or was late.</summary>
internal sealed record FanOutResult(long Published, long Delivered, TimeSpan Time);
