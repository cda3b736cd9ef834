using Cluster.Engine.Remoting;
using Cluster.Engine.Remoting.Handshakes;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Simulation;

/// <content>How links come up and go down. An attempt is one posted action, so two dials at once cannot cross: the later one finds the link up.</content>
public sealed partial class LoopbackTransport
{
    /// <summary>That end has lost its session, if it is still the one: said, and dialled again where it is wanted.</summary>
    internal void Lost(LoopbackLink link, LoopbackSession session, LinkDownCause cause, string reason)
    {
        if (link.Session != session)
        {
            return;
        }

        session.Open = false;
        link.Session = null;
        link.LastError = reason;
        link.DropPending();

        SayDown(link, cause, reason);
        Dial(link);
    }

    /// <summary>Starts the attempts for a wanted link that is not up.</summary>
    private void Dial(LoopbackLink link)
    {
        if (started && !stopped && link is { Wanted: true, Dialling: false, Closed: false, Session: null })
        {
            link.Dialling = true;
            Network.After(BackOff.After(link.Failures, Options, random) + Network.Latency(LocalAddress, link.Address), () => Attempt(link));
        }
    }

    private void Attempt(LoopbackLink link)
    {
        link.Dialling = false;
        if (stopped || link is not { Wanted: true, Closed: false, Session: null })
        {
            return;
        }

        var target = Network.NodeAt(link.Address);
        var cut = Network.IsCut(LocalAddress, link.Address) || Network.IsCut(link.Address, LocalAddress);

        if (cut || Faults.BlocksHandshake(peers.At(link.Address)?.Name)
            || (target is not null && (target.Faults.BlocksHandshake(LocalNode.Identity.Name) || Faults.BlocksHandshake(target.LocalNode.Identity.Name))))
        {
            Failed(link, LinkDownCause.Unreachable, "no answer: the link is cut");
        }
        else if (target is not { started: true, stopped: false })
        {
            Failed(link, LinkDownCause.NobodyListens, $"nobody listens at {link.Address}");
        }
        else
        {
            Shake(link, target);
        }
    }

    /// <summary>The handshake's checks on both sides, on encoded bytes as they would travel.</summary>
    private void Shake(LoopbackLink link, LoopbackTransport target)
    {
        var there = target.peers.Admit(Travelled(peers.Introduce(link.Lane, 0)), dialled: null);
        if (there.Refusal is { } byPeer)
        {
            target.Say(new HandshakeRefused(LocalAddress, byPeer, ByPeer: false));
            Refused(link, byPeer, byPeer: true);
            return;
        }

        target.EndOlderLife(there);
        var here = peers.Admit(Travelled(target.peers.Introduce(link.Lane, 0)), (link.Address, link.Lane));
        if (here.Refusal is { } byThisNode)
        {
            target.Say(new HandshakeRefused(LocalAddress, byThisNode, ByPeer: true));
            Refused(link, byThisNode, byPeer: false);
            return;
        }

        EndOlderLife(here);
        if (target.LinkTo(LocalAddress, link.Lane) is not { } otherEnd)
        {
            Failed(link, LinkDownCause.Refused, $"{target.LocalNode} has {Options.MaxPeers} links already, its bound");
            return;
        }

        if (otherEnd.Session is { } stale)
        {
            target.Break(otherEnd, stale, LinkDownCause.Replaced, "a newer connection of the same peer took its place");
        }

        var session = new LoopbackSession(link, otherEnd, Network.NextSession());
        target.Up(otherEnd, session, there.Peer!);
        Up(link, session, here.Peer!);
    }

    private static Hello Travelled(Hello hello) => Hello.Parser.ParseFrom(hello.ToByteArray());

    private void Up(LoopbackLink link, LoopbackSession session, PeerIdentity peer)
    {
        link.Session = session;
        link.Carried = 0;
        link.Peer = peer;
        link.Failures = 0;
        link.SaidDown = null;
        link.Counters.Connected();

        if (link.Lane == Lane.Interactive)
        {
            Say(new LinkUp(peer));
        }

        link.SetPump();
    }

    private void EndOlderLife(Admission admission)
    {
        if (admission.OlderLife is not { } older)
        {
            return;
        }

        foreach (var lane in Enum.GetValues<Lane>())
        {
            if (links.TryGetValue((older.Address, lane), out var link) && link is { Session: { } session, Peer: { } peer } && peer.Uid == older.Uid && peer.Incarnation == older.Incarnation)
            {
                Break(link, session, LinkDownCause.Replaced, $"{admission.Peer} is a newer life of that node");
            }
        }
    }

    private void Refused(LoopbackLink link, string reason, bool byPeer)
    {
        Say(new HandshakeRefused(link.Address, reason, byPeer));
        Failed(link, LinkDownCause.Refused, reason);
    }

    private void Failed(LoopbackLink link, LinkDownCause cause, string reason)
    {
        link.Failures++;
        link.LastError = reason;
        link.DropPending();

        SayDown(link, cause, reason);
        Dial(link);
    }

    /// <summary>This side ends the link; the other end hears of it if a packet can reach it.</summary>
    private void Close(LoopbackLink link, string reason)
    {
        var session = link.Session;
        link.Closed = true;
        link.Wanted = false;
        link.Session = null;
        link.DropPending();

        Faults.Forget(link);
        if (session is null)
        {
            return;
        }

        session.Open = false;
        if (!stopped)
        {
            SayDown(link, LinkDownCause.Closed, "this node does not want the link any more");
        }

        TellOtherEnd(link, session, reason);
    }

    /// <summary>This side ends the session but still wants the link; the other end hears of it if a packet can reach it.</summary>
    private void Break(LoopbackLink link, LoopbackSession session, LinkDownCause cause, string reason)
    {
        Lost(link, session, cause, reason);
        TellOtherEnd(link, session, "the peer closed the connection");
    }

    private void TellOtherEnd(LoopbackLink link, LoopbackSession session, string reason)
    {
        if (Network.IsCut(LocalAddress, link.Address))
        {
            return;
        }

        var otherEnd = session.OtherEnd(link);
        Network.Post(() => otherEnd.Owner.Lost(otherEnd, session, LinkDownCause.Lost, reason));
    }

    private void SayDown(LoopbackLink link, LinkDownCause cause, string reason)
    {
        if (link.SaidDown == cause || link.Lane != Lane.Interactive)
        {
            return;
        }

        link.SaidDown = cause;
        Say(new LinkDown(link.Address, link.Peer?.Name, cause, reason));
    }

    private void Say(LinkEvent happened)
    {
        if (stopped)
        {
            return;
        }

        foreach (var listener in listeners)
        {
            listener(happened);
        }
    }
}
