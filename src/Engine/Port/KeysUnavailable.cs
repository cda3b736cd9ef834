using Cluster.Shared.Results;

namespace Cluster.Engine.Port;

/// <summary>No answer of the replicated keys. Whether the command may have taken effect stands in the error: <see cref="ErrorCode.OutcomeUnknown"/> or not.</summary>
public sealed record KeysUnavailable(ClusterError Error);
