using System.Collections.Immutable;
using Cluster.Engine.ControlPlane;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Membership;

/// <summary>
/// Placing singletons. Each node's heartbeats name those that it offers to run, so the control plane's leader, whoever it is, knows them within a heartbeat, and
/// nothing has to be registered, or forgotten, anywhere.
/// </summary>
internal sealed partial class ClusterActor
{
    private readonly SortedDictionary<NodeId, Offer> offers = [];

    /// <summary>
    /// What this node's heartbeats announce: nothing while it does not hear a leader of the control plane. It would get no lease, though the others may hear it well, as over a link that is cut one way; so the singleton
    /// moves, and comes to no such node.
    /// </summary>
    private ImmutableSortedSet<string> OwnOffers => HearsControlLeader ? services.Offers.Names : [];

    private bool HearsControlLeader =>
        services.Board.Find(ShardId.Control) is { Role: Consensus.RaftRole.Leader, Serves: true } || HeardReports.IsLed(ShardId.Control);

    private void NoteOffers(NodeHeartbeat heartbeat)
    {
        var node = new NodeId(heartbeat.Node);
        if (services.Views.Current.FindMember(node) is null || heartbeat.Singletons.Count > ControlLimits.MaxSingletons)
        {
            return;
        }

        if (!offers.TryGetValue(node, out var known) || known.Incarnation != heartbeat.Incarnation || !known.Names.SetEquals(heartbeat.Singletons))
        {
            offers[node] = new Offer(heartbeat.Incarnation, ImmutableSortedSet.CreateRange(StringComparer.Ordinal, heartbeat.Singletons), Now);
        }
    }

    /// <summary>The first placement that is due and would be let through.</summary>
    private PlaceSingleton? NextSingleton(ControlView view, TimeSpan now)
    {
        foreach (var gone in offers.Keys.Where(node => view.FindMember(node) is null).ToArray())
        {
            offers.Remove(gone);
        }

        foreach (var name in offers.Values.SelectMany(offer => offer.Names).Concat(OwnOffers).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var place = SingletonPlacement.Decide(view, name, role: null, node => AbsentSince(node, name), now, services.Options.Singletons.Margin);
            if (place is not null && ControlDecider.Decide(view, new ControlCommand { PlaceSingleton = place }).Event is not null)
            {
                return place;
            }
        }

        return null;
    }

    /// <summary>Since when a node cannot run the singleton, as far as this leader knows: suspected, or not offering it. Null when it can.</summary>
    private TimeSpan? AbsentSince(NodeId node, string name)
    {
        if (node == services.Local.Node)
        {
            return OwnOffers.Contains(name) ? null : leadsSince;
        }

        if (reachability.SuspectedSince(node) is { } since)
        {
            return since;
        }

        if (!offers.TryGetValue(node, out var offer))
        {
            return leadsSince;
        }

        return offer.Names.Contains(name) ? null : offer.Since;
    }

    /// <param name="Since">When this node first heard of exactly these names.</param>
    private readonly record struct Offer(ulong Incarnation, ImmutableSortedSet<string> Names, TimeSpan Since);
}
