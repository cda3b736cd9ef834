namespace Cluster.Engine.Simulation;

/// <summary>What two ends of a link share while it is up, as a TCP connection is shared. Closed once; never opened again.</summary>
/// <param name="name">What both ends' records call it.</param>
internal sealed class LoopbackSession(LoopbackLink one, LoopbackLink other, string name)
{
    public string Name => name;

    public bool Open { get; set; } = true;

    public LoopbackLink OtherEnd(LoopbackLink end) => end == one ? other : one;
}
