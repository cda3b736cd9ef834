namespace Cluster.Modes.MultiMaster;

/// <content>Anti-entropy: what one replica lacks of another, by their clocks, and where they differ though it lacks nothing.</content>
internal sealed partial class MultiMasterCore
{
    /// <summary>Of objects in one message, as JSON. One object is sent whatever its size.</summary>
    public const int PageBytesMax = 256 * 1024;

    /// <summary>Objects with updates that the other one lacks, in the order of their ids.</summary>
    /// <param name="after">Where to go on.</param>
    public FetchedObjects PageFor(VersionVector others, ObjectId? after)
    {
        var page = new List<ReplicatedObject>();
        var bytes = 0;
        ObjectId? last = null;
        foreach (var (id, stored) in objects)
        {
            if ((after is { } before && id <= before) || others.Covers(stored.Object.Versions))
            {
                continue;
            }

            if (page.Count > 0 && bytes + stored.Bytes > PageBytesMax)
            {
                return new FetchedObjects(after, page, last, Known);
            }

            page.Add(stored.Object);
            bytes += stored.Bytes;
            last = id;
        }

        return new FetchedObjects(after, page, null, Known);
    }

    /// <summary>Compares the hashes of buckets with another replica's that knows the same updates.</summary>
    /// <returns>Those that differ.</returns>
    public IReadOnlyList<int> Compare(IReadOnlyList<string> others)
    {
        var different = digest.Differences(others);
        LastDifference = different.Count;
        return different;
    }

    /// <summary>Notes that another replica knew the same and had the same.</summary>
    public void FoundEqual() => LastDifference = 0;

    /// <summary>What is in these buckets, as much as one message takes.</summary>
    /// <param name="turn">Chooses where to begin, so that one large bucket does not keep the others out for good.</param>
    public BucketObjects InBuckets(IReadOnlyList<int> buckets, int turn)
    {
        var page = new List<ReplicatedObject>();
        var bytes = 0;
        var wanted = buckets.ToHashSet();
        var inside = objects.Values.Where(stored => wanted.Contains(stored.Bucket)).ToList();
        for (var i = 0; i < inside.Count; i++)
        {
            var stored = inside[(int)(((uint)turn + (uint)i) % inside.Count)];
            if (page.Count > 0 && bytes + stored.Bytes > PageBytesMax)
            {
                break;
            }

            page.Add(stored.Object);
            bytes += stored.Bytes;
        }

        return new BucketObjects(page);
    }
}
