namespace Cluster.Shared.Http;

/// <summary>Whether a node records its messages, and how its clock reads: what <c>GET</c> and <c>PUT /admin/recording</c> answer.</summary>
/// <param name="Now">The clock of the records, in nanoseconds: on one machine all nodes read the same; a node elsewhere is told by it.</param>
/// <param name="First">Number of the oldest record that is kept; above <paramref name="Last"/> when there is none.</param>
/// <param name="Last">Number of the newest record.</param>
/// <param name="Capacity">Most records kept; past it the oldest are overwritten.</param>
public sealed record RecordingView(bool On, long Now, ulong First, ulong Last, int Capacity);
