using System.Globalization;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Shared.Results;

namespace Cluster.Modes.Federated;

/// <summary>
/// One command on its way to its group's home, wherever that is: asks the group here if this cluster is taken for the home, else the other cluster; follows a group that says who its home is once. Tells whoever started
/// it one <see cref="GroupAnswered"/>.
/// </summary>
internal sealed class GroupCall : Actor
{
    /// <summary>Shorter than a client's patience, so that the client hears why; longer than a failover within a cluster.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private readonly FederatedNode node;
    private readonly string group;
    private readonly GroupCommand command;
    private readonly CallTo to;
    private readonly string? cluster;
    private readonly IActorRef door;
    private readonly IActorRef request;
    private bool wasSent;
    private bool wasRedirected;

    /// <param name="cluster">With <see cref="CallTo.Cluster"/>: which.</param>
    /// <param name="door">This node's.</param>
    /// <param name="request">The door's child that it belongs to.</param>
    public GroupCall(FederatedNode node, string group, GroupCommand command, CallTo to, string? cluster, IActorRef door, IActorRef request) =>
        (this.node, this.group, this.command, this.to, this.cluster, this.door, this.request) = (node, group, command, to, cluster, door, request);

    private bool IsRead => command is IEntityQuery;

    protected override void PreStart()
    {
        Timers.StartSingle(nameof(GiveUp), GiveUp.Instance, Patience);
        switch (to)
        {
            case CallTo.Copy:
                AskCopy();
                break;
            case CallTo.Here:
                AskHere();
                break;
            default:
                Ask(cluster ?? node.Board.Home(group).Home);
                break;
        }
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case NotHome none:
                Redirect(none);
                break;
            case GroupReply reply:
                End(reply);
                break;
            case ForwardedReply { Reply: NotHome none }:
                Redirect(none);
                break;
            case ForwardedReply { Reply: { } reply }:
                End(reply);
                break;
            case ForwardedReply { Refusal: { } refusal }:
                End(new EntityRefused(GroupCore.Type.Name, group, refusal));
                break;
            case ForwardedReply none:
                Fail(none.Why ?? "no reason given", none.MayHaveTakenEffect);
                break;
            case LocalAnswer { Reply: { } reply } answer:
                End(reply, answer.AgeMs);
                break;
            case LocalAnswer none:
                Fail(none.Why ?? "no reason given", mayHaveTakenEffect: false);
                break;
            case GiveUp:
                Fail($"{group} has not answered {node.Host.Name} within {Patience.TotalSeconds:0.#} s", wasSent && !IsRead);
                break;
            case EntityRefused or EntityUnavailable:
                End(message);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Ask(string target)
    {
        if (target == node.Map.Here)
        {
            AskHere();
        }
        else
        {
            wasSent = true;
            door.Tell(new SendOver(target, group, command, request), Self);
        }
    }

    private void AskHere()
    {
        if (!node.IsSureOf(group) && command is not TakeHome)
        {
            Fail($"{node.Host.Name} has just started, and asks the other clusters first whether {node.Map.Here} is still the home of {group}", mayHaveTakenEffect: false);
            return;
        }

        wasSent = true;
        node.Groups.Tell(new ToEntity(group, command with { Here = node.Map.Here }), Self);
    }

    /// <summary>The node that follows the group knows how old its cluster's copy is; of any other nobody could tell.</summary>
    private void AskCopy()
    {
        if (node.DutyOf(group) is { } duty && duty.Name != node.Host.Name)
        {
            node.DoorOn(duty).Tell(new LocalAsk(group, command), Self);
        }
        else
        {
            door.Tell(new LocalAsk(group, command), Self);
        }
    }

    private void Redirect(NotHome none)
    {
        node.Board.Note(group, none.Home);
        if (none.MovesTo is { } next)
        {
            Fail($"{group} is on its way from {none.Home.Home} to {next} and takes no writes meanwhile: send it again", mayHaveTakenEffect: false);
        }
        else if (to == CallTo.Home && !wasRedirected)
        {
            wasRedirected = true;
            Ask(none.Home.Home);
        }
        else
        {
            End(none);
        }
    }

    private void Fail(string why, bool mayHaveTakenEffect) =>
        End(new EntityUnavailable(GroupCore.Type.Name, group, new ClusterError(mayHaveTakenEffect && !IsRead ? ErrorCode.OutcomeUnknown : ErrorCode.Unavailable, why)));

    private void End(object reply, double? ageMs = null)
    {
        Context.Parent.Tell(new GroupAnswered(group, reply, ageMs), Self);
        Context.Stop(Self);
    }

    private sealed record GiveUp
    {
        public static readonly GiveUp Instance = new();
    }
}

/// <summary>Whom a <see cref="GroupCall"/> asks.</summary>
internal enum CallTo
{
    /// <summary>The home, wherever it is.</summary>
    Home,

    /// <summary>That cluster.</summary>
    Cluster,

    /// <summary>This cluster's group, as one who is asked by another cluster: it is not sent on.</summary>
    Here,

    /// <summary>This cluster's copy, however old.</summary>
    Copy,
}

/// <summary>What came of a call.</summary>
/// <param name="Reply">A <see cref="GroupReply"/>, <see cref="EntityRefused"/> or <see cref="EntityUnavailable"/>.</param>
/// <param name="AgeMs">Of a copy, where it is known.</param>
internal sealed record GroupAnswered(string Group, object Reply, double? AgeMs)
{
    /// <summary>The answer to a client where the reply is not what was asked for.</summary>
    public ModeAnswer Failure => Reply switch
    {
        GroupFull full => ModeAnswer.Failed(new ClusterError(
            ErrorCode.Overloaded,
            string.Create(CultureInfo.InvariantCulture, $"{Group} holds {full.Keys:N0} keys in {full.Bytes:N0} bytes, and takes no more than {GroupCore.MostKeys:N0} in {GroupSize.MostForWrites:N0}: take some away or write shorter values, or use another store for so much"))),
        NotHome none => ModeAnswer.Unavailable($"the home of {Group} is changing: {none.Home.Home} was named last, and does not take itself for it yet"),
        _ => ModeAnswer.Of(Reply),
    };
}
