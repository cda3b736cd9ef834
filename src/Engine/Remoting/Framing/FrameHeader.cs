namespace Cluster.Engine.Remoting.Framing;

/// <summary>A frame's first six bytes, not judged yet.</summary>
internal readonly record struct FrameHeader(uint PayloadBytes, byte Channel, byte Flags);
