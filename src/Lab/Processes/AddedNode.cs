using Cluster.Shared.Files;

namespace Cluster.Lab.Processes;

/// <summary>A node that was started beside the others.</summary>
/// <param name="HadData">Whether data of its name stood there already, from an earlier life: then it starts as the member that it was.</param>
public sealed record AddedNode(ClusterFileNode Node, bool HadData);
