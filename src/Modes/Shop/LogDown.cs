using Cluster.Shared.Results;

namespace Cluster.Modes.Shop;

/// <summary>A log did not take an entry; whether it may have taken effect stands in the error. Every entry may be sent again.</summary>
internal sealed record LogDown(ClusterError Error);
