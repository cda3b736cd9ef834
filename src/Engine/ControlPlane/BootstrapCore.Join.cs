using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.ControlPlane;

internal sealed partial class BootstrapCore
{
    /// <summary>The join was answered.</summary>
    public IReadOnlyList<BootstrapAction> JoinAnswered(ulong attempt, JoinReply answer, TimeSpan now)
    {
        if (State.Phase != BootstrapPhase.Joining || attempt != State.Attempt)
        {
            return []; // An answer to a join that was given up: asking again gets the same one.
        }

        if (answer.Reply is not { } reply)
        {
            return FollowHint(answer.LeaderAddress) is { } leader && State.Hops < MaxHops
                ? Join(leader, State.Hops + 1, now)
                : Pause("the cluster has no leader just now; asking again", now);
        }

        if (reply.Refusal != ControlRefusal.None)
        {
            return ControlRefusals.IsTransient(reply.Refusal) || reply.Refusal == ControlRefusal.Limit ? Pause(reply.Message, now) : Refuse(reply.Message);
        }

        return IsFresh || (reply.ClusterId == State.ClusterId && reply.Node == State.Node.Value)
            ? Become(reply.ClusterId, new NodeId(reply.Node))
            : Refuse(
                $"the data directory says node {State.Node} of cluster {State.ClusterId}, but the cluster says node #{reply.Node} of {reply.ClusterId}; "
                + "check that the data directory is this node's own");
    }

    /// <summary>The one to join through cannot be reached.</summary>
    public IReadOnlyList<BootstrapAction> JoinFailed(ulong attempt, string why, TimeSpan now)
    {
        if (State.Phase != BootstrapPhase.Joining || attempt != State.Attempt)
        {
            return [];
        }

        State = State with { Failed = State.Via };
        return Pause($"joining through {State.Via} failed ({why}); asking again", now);
    }

    private IReadOnlyList<BootstrapAction> Join(NodeAddress via, int hops, TimeSpan now)
    {
        State = State with
        {
            Phase = BootstrapPhase.Joining,
            Attempt = State.Attempt + 1,
            Deadline = now + options.JoinTimeout,
            Hops = hops,
            Via = via,
            Reason = $"it is joining through {via}",
        };
        return [new JoinVia(via, State.Attempt)];
    }

    /// <summary>
    /// The leader that somebody named, if it can be one. The peers of a node whose data was wiped may still believe in its former self at this very address,
    /// and a seed in one that has died since.
    /// </summary>
    private NodeAddress? FollowHint(string leader) =>
        NodeAddress.TryParse(leader, out var named) && !(IsFresh && named == options.Self) && named != State.Failed ? named : null;

    private IReadOnlyList<BootstrapAction> Become(string clusterId, NodeId node)
    {
        State = State with { Phase = BootstrapPhase.Member, ClusterId = clusterId, Node = node, Reason = "" };
        return [new BecameMember(clusterId, node)];
    }

    private IReadOnlyList<BootstrapAction> Pause(string reason, TimeSpan now)
    {
        var said = State.Reason == reason;
        State = State with
        {
            Phase = BootstrapPhase.Pausing,
            Deadline = now + State.Pause,
            Pause = State.Pause * 2 < options.RetryPauseMax ? State.Pause * 2 : options.RetryPauseMax,
            Reason = reason,
        };
        return said ? [] : [new Wait(reason)];
    }

    private IReadOnlyList<BootstrapAction> Refuse(string reason)
    {
        State = State with { Phase = BootstrapPhase.Refused, Reason = reason };
        return [new BootstrapRefused(reason)];
    }

    /// <summary>A reason for every seed that answered to want nothing of this node; null when at least one did not, or none answered.</summary>
    private string? WhyRefusedByAll()
    {
        string? why = null;
        for (var seed = 0; seed < State.Heard.Length; seed++)
        {
            var heard = State.Heard[seed];
            var refused = heard.Standing switch
            {
                SeedStanding.Refused => heard.Refused,
                SeedStanding.Member => $"this data directory belongs to cluster {State.ClusterId}, but seed {options.Seeds[seed]} is a member of cluster {heard.ClusterId}; "
                    + "check the seeds, or start the node on an empty data directory",
                _ => null,
            };
            if (refused is null && heard.Standing != SeedStanding.Unspecified)
            {
                return null;
            }

            why ??= refused;
        }

        return why;
    }

    private string WhatIsMissing(int free)
    {
        var silent = string.Join(", ", options.Seeds.Where((_, seed) => seed != self && State.Heard[seed].Standing == SeedStanding.Unspecified));
        var unheard = silent.Length > 0 ? $"; no answer from {silent}" : "";
        if (!IsFresh)
        {
            return $"no seed has found cluster {State.ClusterId} yet, and it has no leader here{unheard}";
        }

        if (self != 0)
        {
            return $"no seed is a member yet; the first one, {options.Seeds[0]}, forms the cluster{unheard}";
        }

        return State.SawMember
            ? $"a cluster stands, but none of its members could be joined{unheard}"
            : $"it forms the cluster when a majority of the {options.Seeds.Length} seeds is there; {free} are{unheard}";
    }
}
