using System.Text;
using Cluster.Engine.Sharding;
using Google.Protobuf;

namespace Cluster.Engine.Logs;

/// <summary>A partition's part in the hash by which replicas are compared: of its parts one by one, so that a change costs what changed.</summary>
internal static class HeadDigest
{
    public static ulong Of(string partition, PartitionHead head)
    {
        var digest = StateDigest.Join(Of(partition), StateDigest.Of(head.Settings.ToByteArray()));
        foreach (var number in (ReadOnlySpan<ulong>)[head.Start, head.End, (ulong)head.LastMs, (ulong)head.Bytes, head.CleanedTo, head.CleanNext, head.CleanUntil, head.ForgottenTo])
        {
            digest = StateDigest.Join(digest, number);
        }

        return StateDigest.Join(digest, head.PartsDigest);
    }

    public static ulong Of(string name, ProducerState? producer)
    {
        if (producer is null)
        {
            return 0;
        }

        var digest = StateDigest.Join(StateDigest.Join(Of(name), producer.Epoch), producer.NextSequence);
        foreach (var sent in producer.Recent)
        {
            digest = StateDigest.Join(StateDigest.Join(digest, sent.Sequence), StateDigest.Join(sent.Count, sent.Offset));
        }

        return digest;
    }

    public static ulong Of(string name, GroupPosition? position) => position is null
        ? 0
        : StateDigest.Join(StateDigest.Join(Of(name), position.Generation), StateDigest.Join(Of(position.Member), position.Offset + 1 ?? 0));

    public static ulong Of(ByteString stream, ulong version) => version == 0 ? 0 : StateDigest.Join(StateDigest.Of(stream.Span), version);

    private static ulong Of(string name) => StateDigest.Of(Encoding.UTF8.GetBytes(name));
}
