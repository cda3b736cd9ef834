using Cluster.Engine.Port;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.PubSub;

/// <summary>
/// The registry of who subscribes to what, one bucket for each node, spread by gossip of differences as in Akka's mediator: changes are told to all at once, and what
/// was lost is found by comparing versions with one other node at a time (Demers et al. 1987, anti-entropy). All nodes that can talk end with equal buckets. A bucket is of
/// one life of its node: a newer life's takes its place whole, an older life's never comes back, and that of a node that is no member is dropped.
/// </summary>
internal sealed class TopicRegistryCore(PubSubOptions options)
{
    private readonly SortedDictionary<NodeId, TopicBucket> buckets = [];
    private readonly SortedDictionary<NodeId, Incarnation> members = [];
    private readonly List<RegistryEffect> effects = [];
    private TopicBucket own = new(NodeId.None, default, options.MaxRemovals);
    private ulong told;

    /// <summary>This node's number; none while it is no member: then nothing is said.</summary>
    public NodeId Self { get; private set; }

    /// <summary>Members to talk with.</summary>
    public IReadOnlyCollection<NodeId> Peers => members.Keys;

    /// <summary>What is known of another node; null for nothing.</summary>
    public TopicBucket? Find(NodeId node) => buckets.GetValueOrDefault(node);

    /// <summary>Who this node is. Its bucket keeps what was noted before it had a number.</summary>
    public void Become(NodeId self, Incarnation life, TimeSpan now)
    {
        if (Self == self && own.Incarnation == life)
        {
            return;
        }

        var renamed = new TopicBucket(self, life, options.MaxRemovals);
        foreach (var (filter, line) in own.After(0))
        {
            renamed.Change(filter, line.Subscribers, now);
        }

        (Self, own, told) = (self, renamed, 0);
    }

    /// <summary>The members and their lives, as the control plane has decided.</summary>
    public IReadOnlyList<RegistryEffect> UseMembers(IEnumerable<(NodeId Node, Incarnation Incarnation)> alive)
    {
        var before = members.ToDictionary();
        members.Clear();
        foreach (var (node, incarnation) in alive)
        {
            if (node != Self)
            {
                members[node] = incarnation;
            }
        }

        foreach (var bucket in buckets.Values.ToArray())
        {
            if (!members.TryGetValue(bucket.Owner, out var life))
            {
                Drop(bucket);
                buckets.Remove(bucket.Owner);
            }
            else if (bucket.Incarnation < life)
            {
                Begin(bucket.Owner, life);
            }
        }

        foreach (var (node, _) in members.Where(member => before.GetValueOrDefault(member.Key) != member.Value))
        {
            SendStatus(node, isAnswer: false); // It knows nothing yet.
        }

        return Take();
    }

    /// <summary>This node's own subscribers to a filter.</summary>
    public void SetOwn(in TopicFilter filter, int subscribers, TimeSpan now)
    {
        if (own.Find(filter).Subscribers != subscribers)
        {
            own.Change(filter, subscribers, now);
        }
    }

    /// <summary>Tells all members what has changed here since it was last told.</summary>
    public IReadOnlyList<RegistryEffect> TellChanges()
    {
        if (own.Version > told && !Self.IsNone)
        {
            foreach (var delta in Deltas(own, told))
            {
                foreach (var peer in members.Keys)
                {
                    Send(peer, new PubSubFrame { Delta = delta });
                }
            }

            told = own.Version;
        }

        return Take();
    }

    /// <summary>Compares what is known with one other node.</summary>
    public IReadOnlyList<RegistryEffect> Compare(NodeId with)
    {
        SendStatus(with, isAnswer: false);
        return Take();
    }

    /// <summary>Forgets old removals.</summary>
    public void Tick(TimeSpan now)
    {
        var before = now - options.RemovedTimeToLive;
        own.Forget(before);
        foreach (var bucket in buckets.Values)
        {
            bucket.Forget(before);
        }
    }

    public IReadOnlyList<RegistryEffect> Receive(NodeId from, TopicStatus status)
    {
        var theirs = new Dictionary<NodeId, BucketVersion>();
        foreach (var bucket in status.Buckets)
        {
            theirs[new NodeId(bucket.Owner)] = bucket;
        }

        if (Self.IsNone || !members.ContainsKey(from))
        {
            return [];
        }

        foreach (var newer in theirs.Values.Where(IsNewerLife).ToArray())
        {
            Begin(new NodeId(newer.Owner), new Incarnation(newer.Incarnation));
        }

        var behind = theirs.Values.Any(IsNewer);
        foreach (var bucket in buckets.Values.Where(bucket => bucket.Owner != from).Append(own))
        {
            Answer(from, bucket, theirs.GetValueOrDefault(bucket.Owner));
        }

        if (behind && !status.Answer)
        {
            SendStatus(from, isAnswer: true);
        }

        return Take();
    }

    /// <summary>
    /// Changes of some node's bucket, from whoever knows them. What does not fit is asked for instead: something before it was lost, or a removal before it is not
    /// remembered any more.
    /// </summary>
    public IReadOnlyList<RegistryEffect> Receive(NodeId from, TopicDelta delta, TimeSpan now)
    {
        var owner = new NodeId(delta.Owner);
        var life = new Incarnation(delta.Incarnation);
        if (!members.TryGetValue(owner, out var decided) || life < decided || !IsSound(delta))
        {
            return [];
        }

        var bucket = buckets.GetValueOrDefault(owner);
        if (bucket is null || bucket.Incarnation < life)
        {
            bucket = Begin(owner, life);
        }
        else if (bucket.Incarnation > life || (delta.Whole ? !bucket.NeedsWhole(delta.Forgotten) : delta.To <= bucket.Version))
        {
            return [];
        }
        else if (delta.Whole)
        {
            bucket = Begin(owner, life);
        }

        if (delta.From > bucket.Version || (!delta.Whole && bucket.NeedsWhole(delta.Forgotten)))
        {
            SendStatus(from, isAnswer: true);
            return Take();
        }

        if (!delta.Whole && !bucket.IsWhole && delta.Newest < bucket.Forgotten)
        {
            return Take(); // It may hold lines whose removal this copy counts as known.
        }

        Apply(bucket, delta, now);
        if (delta.More)
        {
            SendStatus(from, isAnswer: true);
        }

        return Take();
    }

    private void Apply(TopicBucket bucket, TopicDelta delta, TimeSpan now)
    {
        foreach (var interest in delta.Interests)
        {
            if (interest.Version <= bucket.Version)
            {
                continue;
            }

            var filter = Read(interest);
            var before = bucket.Find(filter).Subscribers;
            bucket.Set(filter, new TopicInterestState((int)interest.Subscribers, interest.Version, now));
            if (before != (int)interest.Subscribers)
            {
                effects.Add(new RouteChanged(bucket.Owner, filter, (int)interest.Subscribers));
            }
        }

        bucket.Reach(delta.To, delta.Forgotten);
    }

    /// <summary>An empty bucket takes the place of what was known of the node.</summary>
    private TopicBucket Begin(NodeId owner, Incarnation life)
    {
        if (buckets.TryGetValue(owner, out var old))
        {
            Drop(old);
        }

        return buckets[owner] = new TopicBucket(owner, life, options.MaxRemovals);
    }

    private void Drop(TopicBucket bucket)
    {
        if (bucket.Count > 0)
        {
            effects.Add(new RoutesDropped(bucket.Owner, [.. bucket.Filters]));
        }
    }

    private void Answer(NodeId from, TopicBucket mine, BucketVersion? theirs)
    {
        var sameLife = theirs is not null && theirs.Incarnation == mine.Incarnation.Value;
        if (theirs is not null && theirs.Incarnation > mine.Incarnation.Value)
        {
            return;
        }

        var (known, forgotten) = sameLife ? (theirs!.Version, theirs.Forgotten) : (0, 0);
        if (mine.Version > known)
        {
            var continues = mine.CanContinue(known, forgotten);
            Send(from, new PubSubFrame { Delta = Delta(mine, continues ? known : 0, whole: !continues) });
        }
    }

    /// <summary>Whether a member lives a life that nothing is known of: what is known of the one before is over.</summary>
    private bool IsNewerLife(BucketVersion theirs)
    {
        var owner = new NodeId(theirs.Owner);
        return members.TryGetValue(owner, out var decided) && theirs.Incarnation >= decided.Value
            && (buckets.GetValueOrDefault(owner) is not { } mine || theirs.Incarnation > mine.Incarnation.Value);
    }

    private bool IsNewer(BucketVersion theirs) =>
        buckets.GetValueOrDefault(new NodeId(theirs.Owner)) is { } mine && theirs.Incarnation == mine.Incarnation.Value && theirs.Version > mine.Version;

    private void SendStatus(NodeId to, bool isAnswer)
    {
        if (Self.IsNone)
        {
            return;
        }

        var status = new TopicStatus { Answer = isAnswer };
        foreach (var bucket in buckets.Values.Append(own))
        {
            status.Buckets.Add(new BucketVersion { Owner = bucket.Owner.Value, Incarnation = bucket.Incarnation.Value, Version = bucket.Version, Forgotten = bucket.Forgotten });
        }

        Send(to, new PubSubFrame { Status = status });
    }

    private IEnumerable<TopicDelta> Deltas(TopicBucket bucket, ulong after)
    {
        for (var delta = Delta(bucket, after, whole: false); ; delta = Delta(bucket, delta.To, whole: false))
        {
            var more = delta.More;
            delta.More = false; // All of it is said: nobody need ask.
            yield return delta;
            if (!more)
            {
                yield break;
            }
        }
    }

    private TopicDelta Delta(TopicBucket bucket, ulong after, bool whole)
    {
        var delta = new TopicDelta { Owner = bucket.Owner.Value, Incarnation = bucket.Incarnation.Value, From = after, To = bucket.Version, Whole = whole, Forgotten = bucket.Forgotten, Newest = bucket.Version };
        var bytes = 0;
        foreach (var (filter, line) in bucket.After(after))
        {
            if (bytes >= options.DeltaBytes)
            {
                (delta.To, delta.More) = (delta.Interests[^1].Version, true);
                break;
            }

            bytes += filter.Name.Length + 16;
            delta.Interests.Add(new TopicInterest { Kind = (uint)filter.Kind, Name = filter.Name, Group = filter.Group ?? "", Subscribers = (uint)line.Subscribers, Version = line.Version });
        }

        return delta;
    }

    /// <summary>Within the bounds that every node keeps to, in order, and saying what it says it does.</summary>
    private bool IsSound(TopicDelta delta)
    {
        var last = delta.From;
        foreach (var interest in delta.Interests)
        {
            if (interest.Version <= last || interest.Version > delta.To || interest.Subscribers > int.MaxValue || TopicRules.Judge(Read(interest), options) is not null)
            {
                return false;
            }

            last = interest.Version;
        }

        return delta.To >= delta.From && (!delta.Whole || delta.From == 0) && Growth(delta) is var (before, after) && (after <= before || after <= 2 * (options.MaxTopics + options.MaxPatterns));
    }

    /// <summary>
    /// Lines with subscribers in a copy before and after a delta. Between two pieces a copy may hold what its node had and what it has, twice what a node may have: a filter that was ended and begun again stands in a later
    /// piece only. Removals always pass, else the copy would stand still.
    /// </summary>
    private (int Before, int After) Growth(TopicDelta delta)
    {
        var bucket = delta.Whole ? null : buckets.GetValueOrDefault(new NodeId(delta.Owner));
        var before = bucket?.Count ?? 0;
        return (before, before + delta.Interests.Sum(interest => (interest.Subscribers > 0 ? 1 : 0) - (bucket?.Find(Read(interest)).Subscribers > 0 ? 1 : 0)));
    }

    private static TopicFilter Read(TopicInterest interest) => new((TopicKind)interest.Kind, interest.Name, interest.Group.Length == 0 ? null : interest.Group);

    private void Send(NodeId to, PubSubFrame frame) => effects.Add(new SendGossip(to, frame));

    private RegistryEffect[] Take()
    {
        RegistryEffect[] taken = [.. effects];
        effects.Clear();
        return taken;
    }
}
