using Cluster.Lab.Messages;

namespace Cluster.Lab.Comparison;

/// <summary>
/// Messages of one stretch of time, by what they are. What goes on in the background is taken off kind by kind, so that its chance ups and downs neither hide nor invent those of another kind: replication that never rests may be many
/// times what a few operations need.
/// </summary>
public sealed class MessageTally(IEnumerable<RecordedMessage> messages)
{
    private readonly Dictionary<string, (long Messages, long Bytes)> kinds = messages.GroupBy(KindOf).ToDictionary(kind => kind.Key, kind => (kind.LongCount(), kind.Sum(message => (long)message.Bytes)));

    /// <summary>What there is beyond the background.</summary>
    /// <param name="background">Messages of a time in which nobody asked.</param>
    /// <param name="ratio">This time over that one.</param>
    public (double Messages, double Bytes) Beyond(MessageTally background, double ratio)
    {
        ArgumentNullException.ThrowIfNull(background);
        var (messages, bytes) = (0.0, 0.0);
        foreach (var (kind, counted) in kinds)
        {
            var usual = background.kinds.GetValueOrDefault(kind);
            messages += Math.Max(0, counted.Messages - (usual.Messages * ratio));
            bytes += Math.Max(0, counted.Bytes - (usual.Bytes * ratio));
        }

        return (messages, bytes);
    }

    public override string ToString() => string.Join(", ", kinds.OrderByDescending(kind => kind.Value.Messages).Select(kind => $"{kind.Value.Messages} {kind.Key}"));

    /// <summary>Modes' own messages by their type, which their words begin with.</summary>
    private static string KindOf(RecordedMessage message) => message.Kind is "Actor" or "Federation" ? message.Text.Split(' ')[0] : message.Kind;
}
