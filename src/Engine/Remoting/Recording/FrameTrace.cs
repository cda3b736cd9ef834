namespace Cluster.Engine.Remoting.Recording;

/// <summary>What a recorder notes of a frame at one end, until that end knows the frame's fate. Immutable, so that a duplicate may share it.</summary>
/// <param name="At">When it was given to the transport, or had been read from it: nanoseconds of the recorder's clock.</param>
/// <param name="PayloadBytes">Of the whole frame.</param>
/// <param name="Head">The front of the payload; all of it where it fits.</param>
internal sealed record FrameTrace(long At, Channel Channel, Lane Lane, int PayloadBytes, byte[] Head)
{
    /// <summary>Made by a link fault from another frame.</summary>
    public bool IsDuplicate { get; init; }
}
