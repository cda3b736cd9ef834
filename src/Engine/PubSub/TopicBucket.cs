using Cluster.Engine.Port;
using Cluster.Shared.Ids;

namespace Cluster.Engine.PubSub;

/// <summary>
/// What one life of a node has subscribers to, as that node has said. Only the owner changes it, and each change has the next version, so two copies differ by a run of
/// versions. Removals are lines too, until they are forgotten: after a time, and the oldest half of them when there are too many.
/// </summary>
/// <param name="mostRemovals">Removals that are remembered.</param>
internal sealed class TopicBucket(NodeId owner, Incarnation incarnation, int mostRemovals)
{
    private readonly Dictionary<TopicFilter, TopicInterestState> lines = [];

    /// <summary>Filters in the order of their versions. A line that has changed since stands here once more, further behind; compacted when half of it is that.</summary>
    private readonly List<(ulong Version, TopicFilter Filter)> order = [];

    public NodeId Owner { get; } = owner;

    public Incarnation Incarnation { get; } = incarnation;

    /// <summary>Of the newest change.</summary>
    public ulong Version { get; private set; }

    /// <summary>Removals up to this version are not remembered one by one: who knows less than that, and did not begin after it, needs the whole.</summary>
    public ulong Forgotten { get; private set; }

    /// <summary>Whether nothing is missing up to <see cref="Version"/>. A copy that was begun anew has taken no line that was removed by <see cref="Forgotten"/>, and comes to it in pieces.</summary>
    public bool IsWhole => Version >= Forgotten;

    /// <summary>Lines with subscribers.</summary>
    public int Count { get; private set; }

    /// <summary>Lines, with removals that are remembered.</summary>
    public int Lines => lines.Count;

    public IEnumerable<TopicFilter> Filters => lines.Where(line => line.Value.Subscribers > 0).Select(line => line.Key);

    public TopicInterestState Find(in TopicFilter filter) => lines.GetValueOrDefault(filter);

    /// <summary>The owner's own change: it gets the next version.</summary>
    public void Change(in TopicFilter filter, int subscribers, TimeSpan now) => Set(filter, new TopicInterestState(subscribers, Version + 1, now));

    /// <summary>A line as the owner made it; versions come in their order.</summary>
    public void Set(in TopicFilter filter, TopicInterestState line)
    {
        if (line.Version <= Version)
        {
            throw new InvalidOperationException($"line {line.Version} of {Owner} comes after {Version}");
        }

        Count += (line.Subscribers > 0 ? 1 : 0) - (Find(filter).Subscribers > 0 ? 1 : 0);
        lines[filter] = line;
        order.Add((line.Version, filter));
        Version = line.Version;
        if (order.Count > 64 && order.Count > 2 * lines.Count)
        {
            order.RemoveAll(entry => !IsCurrent(entry));
        }

        if (Removals > mostRemovals)
        {
            Forget(Removed.OrderBy(removal => removal.Value.Version).Take((mostRemovals / 2) + 1));
        }
    }

    /// <summary>The owner's newest version is at least this: its lines up to there have all been said.</summary>
    public void Reach(ulong version, ulong forgotten)
    {
        Version = Math.Max(Version, version);
        Forgotten = Math.Max(Forgotten, forgotten);
    }

    /// <summary>Whether a copy at a version, that forgot up to another, can be brought up to date by what changed since.</summary>
    public bool CanContinue(ulong version, ulong forgotten) => Forgotten <= Math.Max(version, forgotten);

    /// <summary>Whether this copy cannot be continued by what one says that forgot up to there, and is to be begun anew. One begun after that can.</summary>
    public bool NeedsWhole(ulong forgotten) => Math.Max(Version, Forgotten) < forgotten;

    /// <summary>Current lines above a version, in order.</summary>
    public IEnumerable<(TopicFilter Filter, TopicInterestState Line)> After(ulong version)
    {
        var (low, high) = (0, order.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = order[middle].Version <= version ? (middle + 1, high) : (low, middle);
        }

        for (var i = low; i < order.Count; i++)
        {
            if (IsCurrent(order[i]))
            {
                yield return (order[i].Filter, lines[order[i].Filter]);
            }
        }
    }

    /// <summary>Forgets removals that were noted before a time.</summary>
    public void Forget(TimeSpan before)
    {
        if (Removals == 0)
        {
            return;
        }

        Forget(Removed.Where(removal => removal.Value.NotedAt < before));
    }

    private int Removals => lines.Count - Count;

    private IEnumerable<KeyValuePair<TopicFilter, TopicInterestState>> Removed => lines.Where(line => line.Value.Subscribers == 0);

    private void Forget(IEnumerable<KeyValuePair<TopicFilter, TopicInterestState>> removals)
    {
        foreach (var (filter, line) in removals.ToArray())
        {
            lines.Remove(filter);
            Forgotten = Math.Max(Forgotten, line.Version);
        }
    }

    private bool IsCurrent((ulong Version, TopicFilter Filter) entry) => lines.TryGetValue(entry.Filter, out var line) && line.Version == entry.Version;
}
