using Cluster.Shared.Results;

namespace Cluster.Engine.Port;

/// <summary>No outcome in time. Whether the command may have taken effect stands in the error: <see cref="ErrorCode.OutcomeUnknown"/> or not.</summary>
public sealed record LogUnavailable(ClusterError Error);
