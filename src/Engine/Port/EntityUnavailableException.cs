using Cluster.Shared.Results;

namespace Cluster.Engine.Port;

/// <summary>What was asked of an entity had no outcome in time.</summary>
public sealed class EntityUnavailableException(EntityUnavailable unavailable) : Exception($"{unavailable.Type} '{unavailable.EntityId}': {unavailable.Error}")
{
    public EntityUnavailable Unavailable { get; } = unavailable;

    public bool MayHaveTakenEffect => Unavailable.Error.Code == ErrorCode.OutcomeUnknown;
}
