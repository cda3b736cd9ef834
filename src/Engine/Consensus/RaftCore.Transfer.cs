using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Consensus;

/// <summary>Handing leadership over (thesis 3.10): stop taking proposals, bring the target up to date, tell it to campaign at once.</summary>
public sealed partial class RaftCore
{
    private NodeId transferTo;
    private TimeSpan transferDeadline;
    private bool timeoutNowSent;

    /// <summary>
    /// Set with the first TimeoutNow of a term, for the rest of it: that message may be under way for any time, and the vote requests that follow
    /// it override the followers' promises. Reads go on by rounds.
    /// </summary>
    private bool leaseGivenUp;

    /// <summary>Who leadership is on its way to; <see cref="NodeId.None"/> when it stays here, or is not here.</summary>
    public NodeId TransferTarget => role == RaftRole.Leader ? transferTo : NodeId.None;

    /// <summary>False, and nothing happens, when this replica does not lead, <paramref name="to"/> is no other voter, or a transfer is under way.
    /// The outcome shows in the events: another leader, or <see cref="TransferAborted"/> after an election timeout.</summary>
    public bool TransferLeadership(TimeSpan now, NodeId to)
    {
        Advance(now);
        if (role != RaftRole.Leader || !transferTo.IsNone || PeerOf(to) is not { IsVoter: true } target)
        {
            return false;
        }

        (transferTo, transferDeadline, timeoutNowSent) = (to, clock + options.ElectionTimeoutMin, false);
        Event(new TransferStarted(term, to));
        FinishTransferWhenCaughtUp(target);
        return true;
    }

    /// <summary>This replica's process is about to end: it still votes and acknowledges, but never campaigns again, not even when asked to. Who leads hands over by <see cref="TransferLeadership"/>.</summary>
    public void Retire() => retiring = true;

    private void FinishTransferWhenCaughtUp(Peer peer)
    {
        if (role == RaftRole.Leader && peer.Id == transferTo && !timeoutNowSent && peer.Match == log.LastIndex)
        {
            timeoutNowSent = true;
            SendTimeoutNow(peer);
        }
    }

    private void SendTimeoutNow(Peer to)
    {
        leaseGivenUp = true;
        var message = Envelope(to.Id);
        message.TimeoutNow = new TimeoutNow();
        SendNow(message);
    }

    private void TickTransfer()
    {
        if (!transferTo.IsNone && (clock >= transferDeadline || PeerOf(transferTo) is not { IsVoter: true }))
        {
            Event(new TransferAborted(term, transferTo));
            (transferTo, timeoutNowSent) = (NodeId.None, false);
        }
    }

    /// <summary>The leader must go, and saves the group the election timeout: the voter that holds most is told to campaign.</summary>
    private void HandOverAndStepDown(string reason)
    {
        Peer? successor = null;
        foreach (var peer in peers)
        {
            if (peer.IsVoter && IsAlive(peer) && (successor is null || peer.Match > successor.Match))
            {
                successor = peer;
            }
        }

        if (successor is not null)
        {
            SendTimeoutNow(successor);
        }

        StepDown(reason);
    }
}
