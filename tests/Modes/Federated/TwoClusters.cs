using Cluster.Engine.Port;
using Cluster.Modes.Federated;

namespace Cluster.Modes.Tests.Federated;

/// <summary>One group in two clusters, each with its own state, as two clusters' consensus would have it; what goes from one to the other goes when a test says so.</summary>
internal sealed class TwoClusters
{
    public const string Group = "east/0";

    /// <summary>Up to here the running size is counted anew after each event.</summary>
    private const int Small = 300_000;

    private readonly GroupCore core = new();
    private readonly Dictionary<string, GroupState> states = new() { ["east"] = new GroupCore().Empty, ["west"] = new GroupCore().Empty };

    public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch.AddDays(20_000);

    public GroupState this[string cluster] => states[cluster];

    public object? Ask(string cluster, GroupCommand command)
    {
        var decided = core.Decide(states[cluster], command with { Here = cluster }, new EntityContext(Group, Now));
        Assert.Null(decided.Refusal);
        foreach (var happened in decided.Events)
        {
            states[cluster] = core.Apply(states[cluster], happened);
        }

        if (decided.Events.Length > 0 && states[cluster].Size < Small)
        {
            Assert.Equal(GroupSize.Of(states[cluster]), states[cluster].Size);
        }

        return decided.Reply;
    }

    /// <summary>A write at a cluster that takes itself for the home: its version; null where it does not.</summary>
    public string? Write(string cluster, string key, string? value) => (Ask(cluster, new WriteKey(key, value)) as KeyWritten)?.Version.ToString();

    public string Read(string cluster, string key) => Ask(cluster, new ReadKey(key, Anywhere: true)) is KeyRead read ? $"{read.Version}={read.Value}" : "?";

    public GroupStanding Standing(string cluster) => (GroupStanding)Ask(cluster, new ReadStanding())!;

    /// <summary>One question of a follower and its answer; the home knows of the follower's position afterwards.</summary>
    public void Pull(string follower, string home, int most = 100, bool digest = false) => Follow(follower, Stream(follower, home, most, digest));

    /// <summary>A follower's question, and what the home would answer.</summary>
    public StreamRead Stream(string follower, string home, int most = 100, bool digest = false)
    {
        var standing = Standing(follower);
        Ask(home, new Acknowledge(follower, standing.Position, standing.Tail, standing.Cursor?.Since is not null));
        return (StreamRead)Ask(home, new ReadAfter(standing.AsksAfter, most, digest, standing.Cursor?.Since))!;
    }

    public void Follow(string follower, StreamRead part) => Ask(follower, part.IsHome
        ? new Replicate(part.Epochs, part.After, part.Records, part.UpTo, part.Digest, part.Settled, part.IsPart, part.Since)
        : new LearnEpochs(part.Epochs));

    public void HandIn(string from, string home, bool byWallClock = false, int most = 100)
    {
        var tail = (TailRead)Ask(from, new ReadTail(most))!;
        Ask(home, new MergeTail(tail.Records, byWallClock));
    }

    /// <summary>Both clusters in a line each.</summary>
    public string Story() => string.Join('\n', states.Select(cluster =>
        $"{cluster.Key}: home {Lineage.Current(cluster.Value.Epochs, "east").Home} under {Lineage.Current(cluster.Value.Epochs, "east").Number}, at {cluster.Value.Position}, tail {cluster.Value.Tail.Count + cluster.Value.Unsettled.Length}; {string.Join(' ', cluster.Value.Keys.Values.Select(record => $"{record.Key}={record.Version}:{record.Value ?? "-"}"))}"));
}
