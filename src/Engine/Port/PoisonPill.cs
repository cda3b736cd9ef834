namespace Cluster.Engine.Port;

/// <summary>Stops the actor once it has handled everything that was sent before.</summary>
public sealed class PoisonPill : IRuntimeMessage
{
    public static readonly PoisonPill Instance = new();

    private PoisonPill()
    {
    }
}
