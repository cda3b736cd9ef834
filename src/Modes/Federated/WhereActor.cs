using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;

namespace Cluster.Modes.Federated;

/// <summary>The X-ray of a key: its region, group, home and epoch; and what each cluster has of it, in its own words.</summary>
internal sealed class WhereActor(FederatedNode node, string key, IActorRef client) : Actor
{
    /// <summary>Whoever is heard has answered by then; of the others that is the answer.</summary>
    private static readonly TimeSpan Enough = TimeSpan.FromMilliseconds(1500);

    private readonly Dictionary<string, KeyRead> read = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GroupStanding> standings = new(StringComparer.Ordinal);
    private readonly string group = node.Map.GroupOfKey(key);
    private int waiting;

    protected override void PreStart()
    {
        Timers.StartSingle(nameof(Enough), Enough, Enough);
        var door = Context.Parent;
        foreach (var cluster in node.Map.Regions)
        {
            waiting += 2;
            Context.ActorOf(Props.Create(() => new ClusterLook(node, group, new ReadKey(key, Anywhere: true), cluster, door)));
            Context.ActorOf(Props.Create(() => new ClusterLook(node, group, new ReadStanding(), cluster, door)));
        }
    }

    protected override void Receive(object message)
    {
        if (message is ClusterSaid said)
        {
            waiting--;
            if (said.Reply is KeyRead value)
            {
                read[said.Cluster] = value;
            }
            else if (said.Reply is GroupStanding standing)
            {
                standings[said.Cluster] = standing;
            }
        }

        if (message is TimeSpan || waiting == 0)
        {
            Answer();
        }
    }

    private void Answer()
    {
        var home = standings.Values.Select(standing => standing.Home).Append(node.Board.Home(group)).MaxBy(epoch => (epoch.Number, epoch.Home))!;
        var newest = read.Values.Select(one => one.Version).DefaultIfEmpty(WriteVersion.None).Max();
        var atHome = standings.GetValueOrDefault(home.Home);
        var place = $"region {RegionMap.RegionOf(group)}, group {group}; home {home.Home} under epoch {home.Number} since {home.At}"
            + (atHome?.MovesTo is { } next ? $", on its way to {next}" : "")
            + (atHome is null ? "; the home does not answer" : string.Concat(atHome.Acknowledged.Select(follower => $"; {follower.Key} has acknowledged {follower.Value} of {atHome.Position}")));
        client.Tell(
            ModeAnswer.Ok(new KeyWhereabouts(key, null, [.. node.Map.Regions.OrderBy(cluster => cluster == home.Home ? 0 : 1).Select(cluster => Seen(cluster, home, newest))]) { Place = place }, StorageJson.Default.KeyWhereabouts),
            Context.Parent);
        Context.Stop(Self);
    }

    private ReplicaWhereabouts Seen(string cluster, HomeEpoch home, WriteVersion newest) => !read.TryGetValue(cluster, out var value)
        ? new ReplicaWhereabouts(cluster, null, "no answer")
        : new ReplicaWhereabouts(
            cluster,
            value.Version == WriteVersion.None ? null : value.Version.ToString(),
            string.Join(", ", new[] { cluster == home.Home ? "home" : null, value.Version < newest ? "behind" : value.Version == WriteVersion.None ? "missing" : value.Value is null ? "deleted" : "current", standings.GetValueOrDefault(cluster) is { Tail: > 0 and var tail } ? $"{tail} writes of its own that no home has seen" : null }.Where(word => word is not null)));
}

/// <summary>Asks one cluster's copy, and says whose answer it is.</summary>
internal sealed class ClusterLook(FederatedNode node, string group, GroupCommand query, string cluster, IActorRef door) : Actor
{
    protected override void PreStart()
    {
        var request = Context.Parent;
        Context.ActorOf(Props.Create(() => new GroupCall(node, group, query, CallTo.Cluster, cluster, door, request)));
    }

    protected override void Receive(object message)
    {
        Context.Parent.Tell(new ClusterSaid(cluster, ((GroupAnswered)message).Reply), Self);
        Context.Stop(Self);
    }
}

internal sealed record ClusterSaid(string Cluster, object Reply);
