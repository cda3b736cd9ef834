namespace Cluster.Engine.Remoting.Framing;

/// <summary>What a writer got from the queue of pending frames.</summary>
internal enum FrameTake
{
    Taken,

    /// <summary>Nothing waits: await the signal.</summary>
    Empty,

    /// <summary>This writer is no longer the one: end.</summary>
    Stopped,
}
