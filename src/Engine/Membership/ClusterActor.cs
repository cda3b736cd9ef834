using Cluster.Engine.ControlPlane;
using Cluster.Engine.Events;
using Cluster.Engine.Hosting;
using Cluster.Engine.Port;
using Cluster.Engine.Remoting;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Membership;

/// <summary>
/// A node's part in the cluster: it finds or forms it (<see cref="BootstrapCore"/>), watches its peers by heartbeats (<see cref="ReachabilityCore"/>), answers
/// nodes that want in, and, while its replica of group 0 leads, proposes what is due for members, shards and singletons.
/// </summary>
internal sealed partial class ClusterActor : Actor
{
    private readonly ClusterServices services;
    private readonly BootstrapCore bootstrap;
    private readonly ReachabilityCore reachability;
    private readonly MembershipEvents membershipEvents;

    public ClusterActor(ClusterServices services)
    {
        this.services = services;
        services.Options.Downing.Validate();
        services.Options.Placement.Validate();
        membershipEvents = new MembershipEvents(services.Events);
        reachability = new ReachabilityCore(services.Options.Reachability);
        var identity = services.Data.Identity.ClusterId is { Length: > 0 } cluster ? new BootstrapIdentity(cluster, services.Local.Node) : BootstrapIdentity.Fresh;
        bootstrap = new BootstrapCore(
            new BootstrapOptions { ClusterName = services.Options.Cluster, Self = services.Options.Address, Seeds = [.. services.Options.Seeds] },
            identity,
            attemptsFrom: services.Local.Identity.Incarnation.Value << 32);
    }

    private TimeSpan Now => Context.System.Time.Elapsed();

    private void Begin()
    {
        services.Addresses.Learn(services.Local.Node, services.Options.Address, services.Local.Identity.Incarnation);
        foreach (var seed in services.Options.Seeds)
        {
            if (seed != services.Options.Address)
            {
                services.Transport.Connect(seed);
            }
        }

        if (services.Local.Node == FirstNode && !services.HoldsControlGroup)
        {
            HoldFoundingGroup(); // It stopped between writing its identity and writing the group: nothing was decided yet.
        }

        Timers.StartPeriodic(nameof(ClusterTick), ClusterTick.Instance, services.Options.Reachability.TickInterval);
        Self.Tell(ClusterTick.Instance);
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case NodeStarted:
                Begin();
                break;
            case NodeRetires:
                Retire();
                break;
            case ClusterTick:
                Tick();
                break;
            case ControlReceived received:
                OnControl(received.From, received.Message);
                break;
            case LinkChanged changed:
                OnLink(changed.Event);
                break;
            case ViewChanged changed:
                OnView(changed.View);
                break;
            case OwnJoinAnswered answered:
                OnJoinReply(answered.Attempt, answered.Reply);
                break;
            case ProposalAnswered answered:
                OnProposalAnswered(answered);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Tick()
    {
        var now = Now;
        Act(bootstrap.Tick(now));
        if (unrecorded is { } member)
        {
            TryTakeOn(member);
        }

        NoticeOwnLeader(now);
        SendHeartbeats(now);
        foreach (var change in reachability.Tick(now))
        {
            Tell(change);
        }

        PublishReachability(now);
        services.Reachability.PublishAbsent(DowningCore.Overdue(services.Views.Current, services.Local.Node, reachability.SuspectedSince, now, services.Options.Placement.ReplaceAfter));
        LeadWhenLeader(now);
    }

    private void OnControl(PeerIdentity from, ControlMessage message)
    {
        switch (message.BodyCase)
        {
            case ControlMessage.BodyOneofCase.SeedQuery:
                Send(from.Address, new ControlMessage { Correlation = message.Correlation, SeedAnswer = bootstrap.Answer(message.SeedQuery) });
                break;
            case ControlMessage.BodyOneofCase.SeedAnswer:
                Act(bootstrap.SeedAnswered(from.Address, message.Correlation, message.SeedAnswer, Now));
                break;
            case ControlMessage.BodyOneofCase.JoinRequest:
                AnswerJoin(from.Address, message.Correlation, message.JoinRequest.Join);
                break;
            case ControlMessage.BodyOneofCase.JoinReply:
                OnJoinReply(message.Correlation, message.JoinReply);
                break;
            case ControlMessage.BodyOneofCase.Heartbeat:
                OnHeartbeat(from, message.Heartbeat);
                break;
            case ControlMessage.BodyOneofCase.HeartbeatReply:
                Heard(new Shared.Ids.NodeId(message.HeartbeatReply.Node), message.HeartbeatReply.Incarnation);
                break;
            default:
                services.Log($"ignored a control message of unknown kind {message.BodyCase} from {from}");
                break;
        }
    }

    private void Send(Shared.Ids.NodeAddress to, ControlMessage message) => services.Transport.Send(to, Channel.Control, message);
}
