using System.Collections.Immutable;
using Cluster.Engine.Port;

namespace Cluster.Modes.Federated;

/// <summary>
/// Keeps this cluster's copies up with their homes, for the groups that are this node's duty: asks the home for what comes after the copy's position, has the group follow it, and hands in what this cluster wrote alone. It
/// also tells the other clusters who the homes are, and serves what they ask. It keeps nothing: every step begins with how the group stands.
/// </summary>
internal sealed class ReplicatorActor : Actor
{
    /// <summary>From one look at a group to the next: what a copy is behind by at rest, beside the way there and back.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(150);

    /// <summary>Between two words to other clusters and to this one's nodes.</summary>
    private static readonly TimeSpan TellEvery = TimeSpan.FromMilliseconds(300);

    /// <summary>Between two comparisons of a whole group by its digest: every key is read for it, on both sides.</summary>
    private static readonly TimeSpan CompareEvery = TimeSpan.FromSeconds(5);

    private readonly FederatedNode node;
    private readonly bool isUnfenced;
    private readonly Dictionary<string, GroupStanding> standings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TimeSpan> compared = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StreamPart> following = new(StringComparer.Ordinal);

    public ReplicatorActor(FederatedNode node)
    {
        this.node = node;
        isUnfenced = node.Host.HasFlaw(FederatedMode.UnfencedHome);
    }

    private string Here => node.Map.Here;

    protected override void PreStart()
    {
        Timers.StartPeriodic(nameof(Look), Look.Instance, Interval);
        Timers.StartPeriodic(nameof(TellOthers), TellOthers.Instance, TellEvery);
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case Look:
                foreach (var group in node.Map.AllGroups.Where(IsDuty))
                {
                    node.Groups.Tell(new AskLeased(group, new ReadStanding { Here = Here }), Self);
                }

                break;
            case TellOthers:
                TellHomes();
                break;
            case GroupStanding standing:
                Stands(standing);
                break;
            case FromCluster { Message: HomesTold told } from:
                Learn(told, from.Cluster);
                break;
            case FromCluster { Message: Pull pull } from:
                var asker = Sender;
                Context.ActorOf(Props.Create(() => new ServePullActor(node, pull, from.Cluster, asker)));
                break;
            case FromCluster { Message: StreamPart part }:
                Follow(part);
                break;
            case FromCluster { Message: TailSent tail }:
                Merge(tail.Group, tail.Records);
                break;
            case OwnTail own:
                HandIn(own);
                break;
            case EntityRefused or EntityUnavailable:
                break; // The next look asks again.
            default:
                Unhandled(message);
                break;
        }
    }

    private bool IsDuty(string group) => node.DutyOf(group)?.Name == node.Host.Name;

    private void Stands(GroupStanding standing)
    {
        var group = standing.Group;
        if (node.Board.NoteOwn(group, standing.Home))
        {
            node.Host.Tell($"{standing.Home.Home} is the home of {group}, under epoch {standing.Home.Number}");
        }

        standings[group] = standing;
        NoteFreshness(standing);
        if (!IsDuty(group))
        {
            return;
        }

        if (standing.Tail > 0)
        {
            Context.ActorOf(Props.Create(() => new TailActor(node, standing)));
        }

        if (standing.Home.Home != Here && !following.ContainsKey(group))
        {
            Ask(standing);
        }
    }

    private void Ask(GroupStanding standing)
    {
        var compares = !compared.TryGetValue(standing.Group, out var last) || node.Now - last >= CompareEvery;
        if (compares)
        {
            compared[standing.Group] = node.Now;
        }

        node.Host.Federation.Tell(
            standing.Home.Home, FederatedActor.Service, new Pull(standing.Group, standing.AsksAfter, standing.Cursor?.Since, standing.Position, standing.Tail, compares, node.Now.Ticks));
    }

    private void Follow(StreamPart part)
    {
        if (!part.IsHome)
        {
            LearnOf(part.Group, part.Epochs);
            return;
        }

        following[part.Group] = part;
        node.CountFollowed(part.Records.Length);
        if (part.Records.IsEmpty && part.Digest is null && standings.GetValueOrDefault(part.Group) is { Cursor: null, Tail: 0 } known && known.Position == part.UpTo && known.Home.CompareTo(Lineage.Current(part.Epochs, RegionMap.RegionOf(part.Group))) == 0)
        {
            NoteFreshness(known); // Nothing to follow: no entry of the log is spent on it.
            return;
        }

        node.Groups.Tell(new ToEntity(part.Group, new Replicate(part.Epochs, part.After, part.Records, part.UpTo, part.Digest, part.Settled, part.IsPart, part.Since) { Here = Here }), Self);
    }

    /// <summary>The copy is as fresh as the question that was answered last, if it has all of the answer, and the answer was all that there was.</summary>
    private void NoteFreshness(GroupStanding standing)
    {
        if (!following.Remove(standing.Group, out var part))
        {
            return;
        }

        if (standing.Home.Home != Lineage.Current(part.Epochs, RegionMap.RegionOf(standing.Group)).Home)
        {
            return;
        }

        if (part.IsPart && standing.Cursor?.Since == part.Since && standing.AsksAfter >= part.UpTo)
        {
            Ask(standing); // There is more: it need not wait for the next look.
        }
        else if (!part.IsPart && standing is { Cursor: null, Tail: 0 } && standing.Position >= part.UpTo)
        {
            node.Board.Fresh(standing.Group, TimeSpan.FromTicks(part.AskedAt));
        }
    }

    private void TellHomes()
    {
        var known = ImmutableArray.CreateRange(standings.Values.Where(standing => IsDuty(standing.Group)).OrderBy(standing => standing.Group, StringComparer.Ordinal));
        var told = new HomesTold([.. known.Select(standing => new GroupHomes(standing.Group, standing.Epochs))]);
        foreach (var other in known.IsEmpty ? [] : node.Host.Federation.Others)
        {
            node.Host.Federation.Tell(other, FederatedActor.Service, told);
        }

        var heard = node.Host.Federation.Others.Where(other => node.Board.HeardAt(other) is not null).ToImmutableSortedDictionary(other => other, other => (node.Now - node.Board.HeardAt(other)!.Value).TotalMilliseconds);
        var news = new HomesNews([.. known.Select(standing => new GroupHome(standing.Group, standing.Home))], node.Board.AllTold, heard);
        foreach (var member in node.Host.Members.Current.Where(member => member.IsUp && member.IsReachable && member.Name != node.Host.Name))
        {
            node.DoorOn(member).Tell(news, Self);
        }
    }

    private void Learn(HomesTold told, string cluster)
    {
        foreach (var group in told.Groups)
        {
            node.Board.Told(cluster, group.Group, Lineage.Current(group.Epochs, RegionMap.RegionOf(group.Group)));
            LearnOf(group.Group, group.Epochs);
        }
    }

    /// <summary>
    /// A later home than this cluster's group has said itself, or it has said nothing yet: from its decision on, it takes no more writes here. Where a node has heard of it otherwise, by a request that was sent on, say, the
    /// group still has not.
    /// </summary>
    private void LearnOf(string group, ImmutableArray<HomeEpoch> epochs)
    {
        if (!epochs.IsDefaultOrEmpty && (node.Board.Own(group) is not { } own || epochs[^1].CompareTo(own) > 0) && !(isUnfenced && RegionMap.RegionOf(group) == Here))
        {
            node.Groups.Tell(new ToEntity(group, new LearnEpochs(epochs) { Here = Here }), Self);
        }
    }

    private void HandIn(OwnTail own)
    {
        if (own.Home == Here)
        {
            Merge(own.Group, own.Records);
        }
        else
        {
            node.Host.Federation.Tell(own.Home, FederatedActor.Service, new TailSent(own.Group, own.Records));
        }
    }

    private void Merge(string group, ImmutableArray<StoredRecord> records) =>
        node.Groups.Tell(new ToEntity(group, new MergeTail(records, node.Host.HasFlaw(FederatedMode.WallClock)) { Here = Here }), Self);

    private sealed record Look
    {
        public static readonly Look Instance = new();
    }

    private sealed record TellOthers
    {
        public static readonly TellOthers Instance = new();
    }
}
