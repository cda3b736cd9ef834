namespace Cluster.Engine.Remoting.Framing;

/// <summary>What an attempt to read one frame came to.</summary>
internal enum FrameRead
{
    Complete,
    Incomplete,
    Oversized,
}
