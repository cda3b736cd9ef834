using System.Globalization;
using System.Text;
using Cluster.Engine.Storage;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Tests.Storage;

/// <summary>The log's dumb twin: plain lists in memory. Its text must equal the text of what the real log recovers.</summary>
internal sealed class LogTwin
{
    private readonly SortedDictionary<uint, Group> groups = [];

    private sealed class Group
    {
        public required Configuration Initial { get; init; }

        public ulong Term { get; set; }

        public uint Vote { get; set; }

        public ulong Commit { get; set; }

        public ulong MarkIndex { get; set; }

        public ulong MarkTerm { get; set; }

        public Configuration? MarkConfiguration { get; set; }

        public List<Entry> Entries { get; } = [];
    }

    public IReadOnlyCollection<uint> Groups => groups.Keys;

    public ulong LastIndex(uint group) => groups[group].Entries.Count > 0 ? groups[group].Entries[^1].Index : groups[group].MarkIndex;

    public ulong LastTerm(uint group) => groups[group].Entries.Count > 0 ? groups[group].Entries[^1].Term : groups[group].MarkTerm;

    public ulong MarkIndex(uint group) => groups[group].MarkIndex;

    public ulong Term(uint group) => groups[group].Term;

    public ulong TermAt(uint group, ulong index) => groups[group].Entries.Single(entry => entry.Index == index).Term;

    public void Append(uint group, IReadOnlyList<Entry> entries)
    {
        groups[group].Entries.RemoveAll(entry => entry.Index >= entries[0].Index);
        groups[group].Entries.AddRange(entries);
    }

    public void Truncate(uint group, ulong from) => groups[group].Entries.RemoveAll(entry => entry.Index >= from);

    public void HardState(uint group, ulong term, uint vote, ulong commit) =>
        (groups[group].Term, groups[group].Vote, groups[group].Commit) = (term, vote, commit);

    public void Create(uint group, Configuration initial) => groups.Add(group, new Group { Initial = initial });

    public void Remove(uint group) => groups.Remove(group);

    public void Mark(uint group, ulong index, ulong term, Configuration configuration)
    {
        var own = groups[group];
        var follows = own.Entries.Exists(entry => entry.Index == index && entry.Term == term);
        own.Entries.RemoveAll(entry => !follows || entry.Index <= index);
        (own.MarkIndex, own.MarkTerm, own.MarkConfiguration) = (index, term, configuration);
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (id, group) in groups)
        {
            Write(text, new ShardId(id), group.Initial, group.Term, group.Vote, group.Commit, group.MarkIndex, group.MarkTerm, group.MarkConfiguration, group.Entries);
        }

        return text.ToString();
    }

    public static string TextOf(IReadOnlyList<RecoveredGroup> recovered)
    {
        var text = new StringBuilder();
        foreach (var group in recovered)
        {
            Write(text, group.Group, group.InitialConfiguration, group.Term, group.Vote, group.Commit, group.SnapshotIndex, group.SnapshotTerm, group.SnapshotConfiguration, group.Entries);
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, ShardId id, Configuration initial, ulong term, uint vote, ulong commit, ulong markIndex, ulong markTerm, Configuration? mark, IReadOnlyList<Entry> entries)
    {
        text.Append(CultureInfo.InvariantCulture, $"{id} of {initial} term {term} vote {vote} commit {commit} mark {markIndex}/{markTerm} {mark}\n");
        foreach (var entry in entries)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {entry.Index}/{entry.Term} {entry.Kind} {Checksum.Of(entry.Data.Span):x8} {entry.Data.Length}\n");
        }
    }
}
