namespace Cluster.Engine.Port;

/// <summary>The reply of those who have nothing else to say: it is done.</summary>
public sealed record Done
{
    public static readonly Done Instance = new();

    private Done()
    {
    }
}
