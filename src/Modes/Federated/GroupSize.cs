using System.Collections.Immutable;
using Cluster.Modes.Storage;

namespace Cluster.Modes.Federated;

/// <summary>
/// How many bytes a group takes as JSON, at most. The engine takes no event of an entity past 16 MiB, and no message past 1 MiB: a group that came there would be wedged for good, deletions and changes of home included.
/// So values are refused long before, what a tail adds is put off, and whatever travels is cut into pages. Pure.
/// </summary>
internal static class GroupSize
{
    /// <summary>Of the records of one message: the longest record beside it, and what else is in the message, still fit its bound of 1 MiB.</summary>
    public const int PageBytes = 700_000;

    /// <summary>Past this a home takes no more values from clients.</summary>
    public const int MostForWrites = 8 * 1024 * 1024;

    /// <summary>Past this a home takes up no more of a tail, which waits where it is until keys are taken away.</summary>
    public const int MostForTails = 11 * 1024 * 1024;

    /// <summary>Past this a copy follows no further until its own unsettled writes are settled: a home's keys fit, and a third of them once more beside them.</summary>
    public const int MostForCopies = 15 * 1024 * 1024;

    /// <summary>Keys taken away: past this the oldest are forgotten, however few.</summary>
    public const int MostForRemoved = 2 * 1024 * 1024;

    /// <summary>Names, quotes and brackets of a record, and the digits of its time.</summary>
    private const int RecordBytes = 80;

    /// <summary>Those of a version, and the digits of both numbers.</summary>
    private const int VersionBytes = 70;

    public static int Of(StoredRecord record) => RecordBytes + Of(record.Version) + (record.Was is { } was ? Of(was) : 0) + JsonLength.Of(record.Key) + JsonLength.Of(record.Value);

    public static int Of(LostWrite lost) => RecordBytes + Of(lost.Version) + Of(lost.WonBy) + JsonLength.Of(lost.Key) + JsonLength.Of(lost.Value);

    /// <summary>In the state its key stands in the map, in the record, and perhaps in the tail or among the doubtful ones.</summary>
    public static int InKeys(StoredRecord? record) => record is null ? 0 : Of(record) + (2 * (JsonLength.Of(record.Key) + 3));

    /// <summary>All that grows in a state, counted anew: what its running size must be.</summary>
    public static int Of(GroupState state) => state.Keys.Values.Sum(InKeys) + state.Unsettled.Sum(Of) + state.Lost.Sum(Of);

    /// <summary>The first of them that fit one message: at least one.</summary>
    public static ImmutableArray<StoredRecord> Page(IEnumerable<StoredRecord> records, int most)
    {
        var page = ImmutableArray.CreateBuilder<StoredRecord>();
        var bytes = 0;
        foreach (var record in records.Take(most))
        {
            bytes += Of(record);
            if (page.Count > 0 && bytes > PageBytes)
            {
                break;
            }

            page.Add(record);
        }

        return page.ToImmutable();
    }

    /// <summary>The newest of them that fit one message and are no more than that.</summary>
    public static ImmutableArray<LostWrite> Newest(ImmutableArray<LostWrite> lost, int most)
    {
        var (first, bytes) = (lost.Length, 0);
        while (first > 0 && lost.Length - first < most && (bytes += Of(lost[first - 1])) <= PageBytes)
        {
            first--;
        }

        return lost[first..];
    }

    private static int Of(WriteVersion version) => VersionBytes + JsonLength.Of(version.Home);
}
