namespace Cluster.Engine.Hosting;

/// <summary>This node's process is about to end: its parts hand over what others can take.</summary>
internal sealed record NodeRetires
{
    public static readonly NodeRetires Instance = new();
}
