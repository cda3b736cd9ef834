namespace Cluster.Engine.Hosting;

/// <summary>Every part of the node is made and connected: begin. Before it, an actor of the node may not count on the others.</summary>
internal sealed record NodeStarted
{
    public static readonly NodeStarted Instance = new();
}
