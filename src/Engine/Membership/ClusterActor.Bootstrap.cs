using Cluster.Engine.Consensus;
using Cluster.Engine.ControlPlane;
using Cluster.Engine.Replication;
using Cluster.Engine.Storage;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Membership;

/// <summary>Finding the cluster or forming it: what the bootstrap core wants, done.</summary>
internal sealed partial class ClusterActor
{
    /// <summary>The number of the node that forms a cluster.</summary>
    private static readonly NodeId FirstNode = new(1);

    /// <summary>What this node is to be, founder or newcomer, while its disk has no room for it.</summary>
    private BecameMember? unrecorded;

    private void Act(IReadOnlyList<BootstrapAction> actions)
    {
        foreach (var action in actions)
        {
            switch (action)
            {
                case ContactSeed contact:
                    Contact(contact);
                    break;
                case FormNewCluster:
                    Form();
                    break;
                case JoinVia join:
                    Join(join);
                    break;
                case Wait wait:
                    services.Reachability.Waiting = wait.Reason;
                    services.Log($"not a member yet: {wait.Reason}");
                    break;
                case BootstrapRefused refused:
                    services.Reachability.Waiting = refused.Reason;
                    services.Refused(refused.Reason);
                    break;
                case BecameMember member:
                    Become(member);
                    break;
                default:
                    throw new InvalidOperationException($"unknown bootstrap action {action}");
            }
        }
    }

    private void Contact(ContactSeed contact)
    {
        var query = new SeedQuery { ClusterName = services.Options.Cluster, FirstSeed = services.Options.Seeds[0].ToString(), Node = services.Presentation, ClusterId = bootstrap.State.ClusterId };
        if (!services.Transport.Send(contact.Seed, Remoting.Channel.Control, new ControlMessage { Correlation = contact.Attempt, SeedQuery = query }))
        {
            Act(bootstrap.SeedUnreachable(contact.Seed, contact.Attempt, Now));
        }
    }

    /// <summary>Identity first, group second, decision third: a crash in between goes on where it stopped, and never forms a second cluster.</summary>
    private void Form()
    {
        var id = new byte[16];
        Context.System.Random.NextBytes(id);
        TryTakeOn(new BecameMember(Convert.ToHexStringLower(id), FirstNode));
    }

    private void HoldFoundingGroup() =>
        services.Replicas.Tell(new HoldReplica(ShardId.Control, RaftConfiguration.Of([FirstNode]), Campaign: true));

    private void Join(JoinVia join)
    {
        var request = new Join
        {
            Node = services.Presentation,
            ClusterName = services.Options.Cluster,
            ClusterId = bootstrap.State.ClusterId,
            KnownNode = services.Local.Node.Value,
        };
        if (join.Address == services.Options.Address)
        {
            var self = Self;
            _ = DecideJoinAsync(request, reply => self.Tell(new OwnJoinAnswered(join.Attempt, reply)));
        }
        else if (!services.Transport.Send(join.Address, Remoting.Channel.Control, new ControlMessage { Correlation = join.Attempt, JoinRequest = new JoinRequest { Join = request } }))
        {
            Act(bootstrap.JoinFailed(join.Attempt, $"no link to {join.Address}", Now));
        }
    }

    /// <summary>Another node wants in through this one: ask the control plane for it.</summary>
    private void AnswerJoin(NodeAddress asker, ulong correlation, Join join) =>
        _ = DecideJoinAsync(join, reply => Send(asker, new ControlMessage { Correlation = correlation, JoinReply = reply }));

    private async Task DecideJoinAsync(Join join, Action<JoinReply> answer)
    {
        var reply = new JoinReply();
        if (services.Views.Current.IsFormed)
        {
            (reply.Reply, _) = await services.Control.DecideAsync(new ControlCommand { Join = join }).ConfigureAwait(false);
            reply.Members.AddRange(services.Views.Current.Members.Select(member => member.ToWire()));
        }

        answer(reply);
    }

    private void OnJoinReply(ulong attempt, JoinReply reply)
    {
        foreach (var member in reply.Members)
        {
            if (NodeAddress.TryParse(member.Address, out var address))
            {
                services.Addresses.Learn(new NodeId(member.Node), address, new Incarnation(member.Incarnation));
            }
        }

        Act(bootstrap.JoinAnswered(attempt, reply, Now));
    }

    private void Become(BecameMember member)
    {
        if (services.Local.Node.IsNone && !TryTakeOn(member))
        {
            return;
        }

        services.Reachability.Waiting = null;
        services.Log($"member {member.Node} of cluster {member.ClusterId}");
    }

    /// <summary>Who this node is stands on its disk before it acts as that. A full disk makes it wait, as every other write does, and the next tick tries again.</summary>
    private bool TryTakeOn(BecameMember member)
    {
        try
        {
            services.Data.RecordJoined(member.ClusterId, member.Node);
        }
        catch (DiskFullException full)
        {
            if (unrecorded is null)
            {
                services.Log($"it is to be member {member.Node}, and cannot write that down: {full.Message}");
            }

            unrecorded = member;
            services.Reachability.Waiting = full.Message;
            return false;
        }

        if (unrecorded is not null)
        {
            unrecorded = null;
            services.Reachability.Waiting = null;
            services.Log($"member {member.Node} of cluster {member.ClusterId}, now that its disk has room");
        }

        services.Local.Node = member.Node;
        services.Local.ClusterId = member.ClusterId;
        services.Addresses.Learn(member.Node, services.Options.Address, services.Local.Identity.Incarnation);
        if (member.Node == FirstNode)
        {
            HoldFoundingGroup();
        }
        else
        {
            services.Replicas.Tell(new HoldReplica(ShardId.Control, Initial: null, Campaign: false));
        }

        return true;
    }

    /// <summary>
    /// A member that has started again finds the leader by its own replica of group 0, with no seed's help; and whoever asks this node as a seed is sent to that
    /// leader, so the bootstrap hears of every change, also that there is none.
    /// </summary>
    private void NoticeOwnLeader(TimeSpan now)
    {
        NodeAddress? leader = services.Board.Find(ShardId.Control) is { Leader.IsNone: false } group && services.Addresses.TryFind(group.Leader, out var address) ? address : null;
        Act(bootstrap.LeaderKnown(leader, now));
    }
}
