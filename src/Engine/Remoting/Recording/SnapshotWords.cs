using Cluster.Shared.Http;
using Cluster.Shared.Wire;
using static Cluster.Engine.Remoting.Recording.WireFields;

namespace Cluster.Engine.Remoting.Recording;

/// <summary>Says what a piece of a snapshot is, and what its receiver wants next.</summary>
internal static class SnapshotWords
{
    public static MessagePartView? TellChunk(ReadOnlySpan<byte> chunk, int bytes)
    {
        var last = NumberIn(chunk, SnapshotChunk.LastIndexFieldNumber);
        return last == 0 ? null : new MessagePartView("SnapshotChunk", $"of the state up to {last}, from byte {NumberIn(chunk, SnapshotChunk.OffsetFieldNumber)}", bytes)
        {
            Shard = (uint)NumberIn(chunk, SnapshotChunk.GroupFieldNumber),
            Term = NumberIn(chunk, SnapshotChunk.TermFieldNumber),
            Last = last,
        };
    }

    public static MessagePartView? TellReply(ReadOnlySpan<byte> reply, int bytes)
    {
        var last = NumberIn(reply, SnapshotChunkReply.LastIndexFieldNumber);
        var wants = IsSet(reply, SnapshotChunkReply.RefusedFieldNumber) ? "refuses it" : $"wants byte {NumberIn(reply, SnapshotChunkReply.NextOffsetFieldNumber)} next";
        return last == 0 ? null : new MessagePartView("SnapshotChunkReply", $"of the state up to {last}: {wants}", bytes)
        {
            Shard = (uint)NumberIn(reply, SnapshotChunkReply.GroupFieldNumber),
            Last = last,
        };
    }
}
