namespace Cluster.Modes.Storage;

/// <summary>What textbooks print of a mode: an adjective a column, which <c>lab compare</c> puts beside what it measures.</summary>
/// <param name="Scalability">What adding nodes does to throughput: <c>none</c>, <c>reads</c>, <c>linear</c>, ...</param>
/// <param name="Consistency"><c>strong</c>, <c>tunable</c>, <c>eventual</c>.</param>
/// <param name="Availability">In a partition: <c>none</c>, <c>majority</c>, <c>all sides</c>.</param>
/// <param name="Latency"><c>low</c>, <c>medium</c>, <c>high</c>.</param>
/// <param name="Source">Where it is printed.</param>
public sealed record Textbook(string Scalability, string Consistency, string Availability, string Latency, string Source);
