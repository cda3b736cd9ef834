namespace Cluster.Engine.Port;

/// <summary>An entity refused what it was asked: nothing has changed.</summary>
public sealed class EntityRefusedException(EntityRefused refused) : Exception($"{refused.Type} '{refused.EntityId}' refused: {refused.Reason}")
{
    public EntityRefused Refused { get; } = refused;
}
