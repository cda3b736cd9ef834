using Cluster.Engine.Storage;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Tests.Storage;

/// <summary>
/// Plays the owner of a log: appends, by a seed, what Raft groups append, to the log and to its twin, and keeps the twin's text as of the last durable
/// flush and as of the flush under way.
/// </summary>
internal sealed class LogScript(int seed)
{
    public static readonly Guid Node = new("6f1cbb1c-2d56-4d1e-9a58-3f9f4f6f0a01");

    public static readonly WalOptions Options = new()
    {
        SegmentBytes = WalOptions.SegmentBytesMin,
        ZeroAheadBytes = 2048,
        ReserveBytes = 0,
        SoftBytesMax = 1 << 20,
        HardBytesMax = 1 << 24,
    };

    private const int GroupsMax = 4;

    private readonly Random random = new(seed);
    private readonly LogTwin twin = new();
    private readonly Dictionary<uint, ulong> committed = [];

    /// <summary>What must be there after a crash.</summary>
    public string Durable { get; private set; } = "";

    /// <summary>What may be there instead: the batch of a flush that did not return.</summary>
    public string Attempted { get; private set; } = "";

    public string Pending => twin.ToString();

    public static Configuration Voters(params uint[] voters) => new() { Voters = { voters } };

    public static Entry Entry(ulong index, ulong term, int bytes = 10) =>
        new() { Index = index, Term = term, Data = ByteString.CopyFrom(Enumerable.Repeat((byte)(index ^ term), bytes).ToArray()) };

    public void Run(WriteAheadLog log, int flushes)
    {
        for (var i = 0; i < flushes; i++)
        {
            for (var appends = random.Next(1, 5); appends > 0; appends--)
            {
                Append(log);
            }

            Assert.Equal(WalFlushStatus.Durable, Flush(log).Status);
        }
    }

    public WalFlush Flush(WriteAheadLog log)
    {
        Attempted = twin.ToString();
        var result = log.Flush();
        if (result.IsDurable)
        {
            Durable = Attempted;
        }

        return result;
    }

    /// <summary>One record, or several, of a kind that the dice choose.</summary>
    public void Append(WriteAheadLog log)
    {
        if (twin.Groups.Count == 0 || (twin.Groups.Count < GroupsMax && random.Next(10) == 0))
        {
            Create(log);
            return;
        }

        var group = twin.Groups.ElementAt(random.Next(twin.Groups.Count));
        switch (random.Next(20))
        {
            case 0:
                log.AppendGroupRemoved(new ShardId(group));
                twin.Remove(group);
                break;
            case 1 or 2:
                Truncate(log, group);
                break;
            case 3 or 4 or 5:
                Mark(log, group);
                break;
            case 6 or 7 or 8 or 9:
                HardState(log, group);
                break;
            default:
                Entries(log, group);
                break;
        }
    }

    private void Create(WriteAheadLog log)
    {
        var group = Enumerable.Range(0, GroupsMax).Select(id => (uint)id).First(id => !twin.Groups.Contains(id));
        var initial = Voters(1, 2, (uint)random.Next(3, 9));
        log.AppendGroupCreated(new ShardId(group), initial);
        twin.Create(group, initial);
        committed.Remove(group);
    }

    private void Entries(WriteAheadLog log, uint group)
    {
        var last = twin.LastIndex(group);
        var overwrites = random.Next(5) == 0 && last > Floor(group);
        var first = overwrites ? (ulong)random.NextInt64((long)Floor(group) + 1, (long)last + 1) : last + 1;
        var term = overwrites || random.Next(6) == 0 ? twin.LastTerm(group) + 1 : Math.Max(1, twin.LastTerm(group));
        var entries = Enumerable.Range(0, random.Next(1, 5)).Select(i => Entry(first + (ulong)i, term, random.Next(12) == 0 ? random.Next(3000) : random.Next(200))).ToList();
        log.AppendEntries(new ShardId(group), entries);
        twin.Append(group, entries);
    }

    private void Truncate(WriteAheadLog log, uint group)
    {
        if (twin.LastIndex(group) > Floor(group))
        {
            var from = (ulong)random.NextInt64((long)Floor(group) + 1, (long)twin.LastIndex(group) + 1);
            log.AppendTruncate(new ShardId(group), from);
            twin.Truncate(group, from);
        }
    }

    private void HardState(WriteAheadLog log, uint group)
    {
        var term = twin.Term(group) + 1;
        var commit = (ulong)random.NextInt64((long)Floor(group), (long)twin.LastIndex(group) + 1);
        var vote = (uint)random.Next(4);
        committed[group] = commit;
        log.AppendHardState(new ShardId(group), term, vote, commit);
        twin.HardState(group, term, vote, commit);
    }

    private void Mark(WriteAheadLog log, uint group)
    {
        var (last, mark) = (twin.LastIndex(group), twin.MarkIndex(group));
        ulong index;
        ulong term;
        if (random.Next(5) == 0)
        {
            // A snapshot from the leader, past the end or in place of entries of another term.
            index = Math.Max(Floor(group), mark) + (ulong)random.Next(1, 10);
            term = twin.LastTerm(group) + 1;
        }
        else if (last > mark)
        {
            index = (ulong)random.NextInt64((long)mark + 1, (long)last + 1);
            term = twin.TermAt(group, index);
        }
        else
        {
            return;
        }

        var configuration = Voters(1, (uint)random.Next(2, 9));
        log.AppendSnapshotMark(new ShardId(group), index, term, configuration);
        twin.Mark(group, index, term, configuration);
    }

    /// <summary>Below it nothing is truncated or replaced: committed, or under a snapshot.</summary>
    private ulong Floor(uint group) => Math.Max(twin.MarkIndex(group), committed.GetValueOrDefault(group));
}
