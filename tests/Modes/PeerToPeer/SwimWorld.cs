using Cluster.Modes.PeerToPeer;

namespace Cluster.Modes.Tests.PeerToPeer;

/// <summary>Peers that gossip, in one process: messages arrive at once, unless their link is cut or the sender or the receiver stands still.</summary>
internal sealed class SwimWorld
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly List<(Peer Peer, SwimCore Core)> peers = [];
    private readonly Random random = new(17);
    private TimeSpan now;

    public SwimWorld(int count)
    {
        for (var number = 0; number < count; number++)
        {
            Start($"p{number}");
        }

        for (var number = 1; number < count; number++)
        {
            Deliver(number, [peers[number].Core.Join(peers[number - 1].Peer)]);
        }
    }

    /// <summary>Peers that send and hear nothing.</summary>
    public HashSet<string> Silent { get; } = [];

    /// <summary>Whether the link from one to another carries anything.</summary>
    public Func<string, string, bool> Carries { get; set; } = static (_, _) => true;

    public long Messages { get; private set; }

    public SwimCore this[int number] => peers[number].Core;

    /// <summary>A new life of a peer: it has forgotten everything.</summary>
    public void Start(string name)
    {
        var peer = new Peer(name, "127.0.0.1:1");
        peers.RemoveAll(known => known.Peer.Node == name);
        peers.Add((peer, new SwimCore(peer, random.Next)));
    }

    public void Run(int periods)
    {
        for (var period = 0; period < periods; period++)
        {
            now += Period;
            for (var number = 0; number < peers.Count; number++)
            {
                Deliver(number, peers[number].Core.Tick(now, Period));
            }

            for (var number = 0; number < peers.Count; number++)
            {
                Deliver(number, peers[number].Core.AskOthers());
            }
        }
    }

    /// <summary>What the others hold a peer for.</summary>
    public IReadOnlyList<PeerState> StatesOf(string name) => [.. peers.Where(peer => peer.Peer.Node != name && !Silent.Contains(peer.Peer.Node)).Select(peer => peer.Core.Members.FirstOrDefault(member => member.Peer.Node == name)?.State ?? PeerState.Dead)];

    public bool AllKnowAll => peers.TrueForAll(peer => Silent.Contains(peer.Peer.Node) || peer.Core.Members.Count(member => member.State == PeerState.Alive) == peers.Count - 1);

    private void Deliver(int from, IReadOnlyList<SwimSend> sends)
    {
        var sender = peers[from].Peer;
        foreach (var send in sends)
        {
            Messages++;
            var to = peers.FindIndex(peer => peer.Peer.Node == send.To.Node);
            if (to < 0 || Silent.Contains(sender.Node) || Silent.Contains(send.To.Node) || !Carries(sender.Node, send.To.Node))
            {
                continue;
            }

            Deliver(to, send.Message switch
            {
                SwimPing ping => peers[to].Core.Hear(sender, ping, now),
                SwimAck ack => peers[to].Core.Hear(sender, ack, now),
                SwimPingRequest request => peers[to].Core.Hear(sender, request, now),
                _ => [],
            });
        }
    }
}
