namespace Cluster.Engine.Port;

/// <summary>A <see cref="PersistentActor"/> has been told everything that it had persisted.</summary>
public sealed record RecoveryCompleted
{
    public static readonly RecoveryCompleted Instance = new();

    private RecoveryCompleted()
    {
    }
}
