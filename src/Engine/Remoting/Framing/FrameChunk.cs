using System.Buffers;
using Cluster.Engine.Remoting.Recording;

namespace Cluster.Engine.Remoting.Framing;

/// <summary>Some whole frames, encoded one after the other in one pooled buffer. Returned to the pool by whoever took it last.</summary>
internal sealed class FrameChunk(int capacity)
{
    /// <summary>Room of an ordinary chunk: what one write to the socket carries at most when many small frames wait.</summary>
    public const int OrdinaryBytes = 64 * 1024;

    private readonly byte[] buffer = ArrayPool<byte>.Shared.Rent(capacity);
    private List<(int Place, FrameTrace Trace)>? traced;

    public int Used { get; private set; }

    public int Frames { get; private set; }

    /// <summary>Those of its frames that are being recorded, by their place in it.</summary>
    public IReadOnlyList<(int Place, FrameTrace Trace)> Traced => traced ?? [];

    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, Used);

    public bool HasRoom(int bytes) => buffer.Length - Used >= bytes;

    public Span<byte> Free(int bytes) => buffer.AsSpan(Used, bytes);

    public void Commit(int bytes, FrameTrace? trace)
    {
        if (trace is not null)
        {
            (traced ??= []).Add((Frames, trace));
        }

        Used += bytes;
        Frames++;
    }

    public void Return() => ArrayPool<byte>.Shared.Return(buffer);
}
