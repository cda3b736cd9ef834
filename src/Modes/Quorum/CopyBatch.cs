using System.Text;

namespace Cluster.Modes.Quorum;

/// <summary>As many copies as one message may carry.</summary>
internal static class CopyBatch
{
    /// <summary>The first of them, within <see cref="QuorumBounds.BatchBytes"/> and <see cref="QuorumBounds.BatchKeys"/>; one at least, if there is one.</summary>
    public static IReadOnlyList<KeyCopy> Of(IEnumerable<KeyCopy> copies)
    {
        var batch = new List<KeyCopy>();
        var bytes = 0;
        foreach (var copy in copies)
        {
            bytes += Bytes(copy);
            if (batch.Count > 0 && (bytes > QuorumBounds.BatchBytes || batch.Count == QuorumBounds.BatchKeys))
            {
                break;
            }

            batch.Add(copy);
        }

        return batch;
    }

    private static int Bytes(KeyCopy copy) => Encoding.UTF8.GetByteCount(copy.Key) + Bytes(copy.State.Value) + copy.State.Dotted.Sum(version => Bytes(version.Value));

    private static int Bytes(string? value) => value is null ? 0 : Encoding.UTF8.GetByteCount(value);
}
