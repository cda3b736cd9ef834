namespace Cluster.Lab.Benchmarks.Modes;

/// <summary>One figure of a mode, as <c>lab bench modes</c> took it. Fields are added, never renamed.</summary>
/// <param name="Name">What <c>--only</c> calls it.</param>
/// <param name="What">What was measured, in words.</param>
/// <param name="Value">In <paramref name="Unit"/>.</param>
/// <param name="P50Ms">Median latency in milliseconds, where one was measured; the next is its 99th percentile.</param>
/// <param name="Target">What is wanted, in words.</param>
/// <param name="Reached">Whether this run reached it: on a busy machine it may not.</param>
public sealed record ModeFigure(string Name, string What, double Value, string Unit, double? P50Ms, double? P99Ms, string Target, bool Reached);
