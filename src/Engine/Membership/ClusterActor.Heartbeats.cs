using Cluster.Engine.ControlPlane;
using Cluster.Engine.Remoting;
using Cluster.Engine.Replication;
using Cluster.Engine.Sharding.Client;
using Cluster.Shared.Http;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Membership;

/// <summary>Watching the peers: heartbeats out, the failure detector in, links as hints.</summary>
internal sealed partial class ClusterActor
{
    private TimeSpan nextHeartbeat;
    private ulong heartbeats;
    private long toldChanges;
    private bool retiring;

    /// <summary>The others are told at once, before they are handed anything: else the preferred leader of a shard would be handed it back.</summary>
    private void Retire()
    {
        retiring = true;
        nextHeartbeat = TimeSpan.Zero;
        SendHeartbeats(Now);
    }

    private void SendHeartbeats(TimeSpan now)
    {
        // At once when a group that is led here has changed: the control plane waits for it with the next move.
        var changes = services.Board.LedChanges;
        if ((now < nextHeartbeat && changes == toldChanges) || services.Local.Node.IsNone)
        {
            return;
        }

        toldChanges = changes;

        nextHeartbeat = now + services.Options.Reachability.HeartbeatInterval;
        var heartbeat = new ControlMessage
        {
            Heartbeat = new NodeHeartbeat
            {
                Node = services.Local.Node.Value,
                Incarnation = services.Local.Identity.Incarnation.Value,
                Sequence = ++heartbeats,
                Epoch = services.Views.Current.Epoch,
                Singletons = { OwnOffers },
                UtcMs = Context.System.Time.GetUtcNow().ToUnixTimeMilliseconds(),
                Retiring = retiring,
            },
        };
        foreach (var status in services.Board.All)
        {
            if (status.Serves)
            {
                heartbeat.Heartbeat.Leads.Add(Describe(status));
            }
        }

        services.Reachability.Reports = services.Reachability.Reports.With(heartbeat.Heartbeat);

        foreach (var member in services.Views.Current.Members)
        {
            if (member.Node != services.Local.Node)
            {
                Send(member.Address, heartbeat);
            }
        }
    }

    private static LedShard Describe(ReplicaStatus status)
    {
        var led = new LedShard { Shard = status.Group.Value, Term = status.Term.Value, Pending = status.ChangePending };
        foreach (var voter in status.Configuration.Voters)
        {
            led.Voters.Add(voter.Value);
        }

        foreach (var learner in status.Configuration.Learners)
        {
            led.Learners.Add(learner.Value);
        }

        foreach (var lag in status.Behind)
        {
            led.Behind.Add(new ReplicaLag { Node = lag.Node.Value, Entries = lag.Entries, AwaitsSnapshot = lag.AwaitsSnapshot });
        }

        return led;
    }

    private void OnHeartbeat(PeerIdentity from, NodeHeartbeat heartbeat)
    {
        var sender = new NodeId(heartbeat.Node);
        Heard(sender, heartbeat.Incarnation);
        if (services.Views.Current.FindMember(sender) is not null)
        {
            services.Reachability.Reports = services.Reachability.Reports.With(heartbeat);
            services.Reachability.NoteClock(sender, DateTimeOffset.FromUnixTimeMilliseconds(heartbeat.UtcMs) - Context.System.Time.GetUtcNow());
        }

        foreach (var led in heartbeat.Leads)
        {
            var shard = new ShardId(led.Shard);
            if (shard.IsControl || services.Views.Current.FindShard(shard) is not null)
            {
                services.Leaders.Learned(shard, new NodeId(heartbeat.Node), led.Term);
            }
        }

        services.Reachability.NoteRetiring(new NodeId(heartbeat.Node), heartbeat.Retiring);
        NoteOffers(heartbeat);
        Send(from.Address, new ControlMessage
        {
            HeartbeatReply = new NodeHeartbeatReply
            {
                Node = services.Local.Node.Value,
                Incarnation = services.Local.Identity.Incarnation.Value,
                Sequence = heartbeat.Sequence,
                Epoch = services.Views.Current.Epoch,
            },
        });
    }

    private void Heard(NodeId node, ulong incarnation)
    {
        if (reachability.Heartbeat(node, new Incarnation(incarnation), Now) is { } change)
        {
            Tell(change);
            PublishReachability(Now);
        }
    }

    private void OnLink(LinkEvent happened)
    {
        switch (happened)
        {
            case LinkUp up:
                services.Addresses.Learn(up.Peer.Node, up.Peer.Address, up.Peer.Incarnation);
                services.Reachability.NoteRefusal(up.Peer.Address, null);
                services.Reachability.NoteLink(up.Peer.Address, up: true);
                break;
            case LinkDown down:
                OnLinkDown(down);
                break;
            case HandshakeRefused refused:
                services.Log(refused.Reason);
                services.Reachability.NoteRefusal(refused.Address, refused.Reason);
                SeedRefuses(refused);
                break;
            default:
                break;
        }
    }

    private void OnLinkDown(LinkDown down)
    {
        services.Proxy().Tell(new LinkLost(down.Address));
        if (services.Views.Current.FindMember(down.Address) is { } member)
        {
            services.Reachability.NoteLink(down.Address, up: false);
            if (down.Cause == LinkDownCause.NobodyListens && reachability.LinkRefused(member.Node, Now) is { } change)
            {
                Tell(change);
                PublishReachability(Now);
            }
        }

        SeedIsSilent(down.Address);
    }

    private void SeedIsSilent(NodeAddress address) => Act(bootstrap.SeedUnreachable(address, bootstrap.State.Attempt, Now));

    /// <summary>A seed that does not even shake hands (another cluster, a removed node) has said all it will say.</summary>
    private void SeedRefuses(HandshakeRefused refused) =>
        Act(bootstrap.SeedAnswered(refused.Address, bootstrap.State.Attempt, new SeedAnswer { Standing = SeedStanding.Refused, Refused = refused.Reason }, Now));

    private void PublishReachability(TimeSpan now) => services.Reachability.Publish(
        reachability.Watched.Where(peer => !reachability.IsReachable(peer)),
        reachability.Watched.Select(peer => KeyValuePair.Create(peer, reachability.Phi(peer, now))));

    /// <summary>The member list, or the shard table, has changed.</summary>
    private void OnView(ControlView view)
    {
        foreach (var member in view.Members)
        {
            services.Addresses.Learn(member.Node, member.Address, member.Incarnation);
            if (member.Node != services.Local.Node && reachability.Watch(member.Node, member.Incarnation, Now) is { } change)
            {
                Tell(change);
            }
        }

        foreach (var gone in reachability.Watched.Where(peer => view.FindMember(peer) is null).ToArray())
        {
            reachability.Unwatch(gone);
            if (services.Addresses.TryFind(gone, out var address))
            {
                services.Transport.Forget(address); // Whoever comes from there next is judged afresh.
                services.Reachability.NoteLink(address, up: true);
            }

            services.Addresses.Forget(gone);
        }

        services.Reachability.Reports = services.Reachability.Reports.Only(node => view.FindMember(node) is not null);

        membershipEvents.Tell(services.Views.Current); // Not each view on the way: a node that starts again runs through its whole past.
        EndLives(view);
        HoldAssignedReplicas(view);
        if (bootstrap.State.Phase == BootstrapPhase.Forming && view.IsFormed)
        {
            Act(bootstrap.Formed(view.ClusterId, services.Local.Node));
        }
    }

    /// <summary>Founders start the group with its first voters; whoever comes later starts empty and is told by the leader.</summary>
    private void HoldAssignedReplicas(ControlView view)
    {
        foreach (var shard in view.Shards)
        {
            var founder = shard.InitialReplicas.Contains(services.Local.Node);
            if (services.Board.Find(shard.Shard) is null && (founder || shard.Replicas.Contains(services.Local.Node)))
            {
                var initial = founder ? Consensus.RaftConfiguration.Of(shard.InitialReplicas) : null;
                services.Replicas.Tell(new HoldReplica(shard.Shard, initial, Campaign: founder && shard.PreferredLeader == services.Local.Node));
            }
        }
    }

    private void Tell(ReachabilityChange change)
    {
        var name = services.Views.Current.NameOf(change.Node);
        var words = change is NodeBecameUnreachable lost
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name} became unreachable ({lost.Cause}, phi {lost.Phi:0.0})")
            : $"{name} became reachable";
        services.Log(words);
        services.Events.Tell(ClusterEventKind.ReachabilityChanged, words, detail => detail with { Member = name, Reachable = change is NodeBecameReachable });
    }
}
