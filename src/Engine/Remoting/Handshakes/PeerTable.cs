using Cluster.Shared.Ids;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Remoting.Handshakes;

/// <summary>
/// The identities a node has met, and the judge of handshakes: refuses other clusters, protocols and lanes, this node itself, a name under another
/// uid, and old lives of a node whose newer life is known. The policy of membership is asked last. Bounded.
/// </summary>
internal sealed class PeerTable(LocalNode local, int maxPeers)
{
    private readonly Lock gate = new();
    private readonly ClusterCheck clusters = new(local);
    private readonly Dictionary<NodeName, PeerIdentity> byName = [];
    private readonly Dictionary<NodeAddress, PeerIdentity> byAddress = [];

    /// <summary>Asked last; null accepts whom the built-in checks accept.</summary>
    public IHandshakePolicy? Policy { get; set; }

    /// <summary>What this node says of itself.</summary>
    /// <param name="dial">The number of its latest dial to the peer.</param>
    public Hello Introduce(Lane lane, uint dial) => new()
    {
        Protocol = RemotingOptions.ProtocolVersion,
        Cluster = local.Cluster,
        ClusterId = local.ClusterId,
        Name = local.Identity.Name.ToString(),
        Node = local.Node.Value,
        Incarnation = local.Identity.Incarnation.Value,
        Uid = ByteString.CopyFrom(local.Identity.Uid.ToByteArray()),
        Address = local.Identity.Address.ToString(),
        Lane = (uint)lane,
        Dial = dial,
    };

    /// <summary>Who was last met at an address; null for nobody.</summary>
    public PeerIdentity? At(NodeAddress address)
    {
        lock (gate)
        {
            return byAddress.GetValueOrDefault(address);
        }
    }

    /// <summary>Forgets who was met at an address, so that a new node may take its name.</summary>
    public void Forget(NodeAddress address)
    {
        lock (gate)
        {
            if (byAddress.Remove(address, out var peer) && byName.TryGetValue(peer.Name, out var known) && known.Address == address)
            {
                byName.Remove(peer.Name);
            }
        }
    }

    /// <summary>Judges a handshake and, where it is welcome, remembers the speaker.</summary>
    /// <param name="dialled">The address this node dialled to reach the speaker and the lane it dialled for; null when the speaker dialled.</param>
    /// <param name="untrusted">Why its certificate does not prove what it says, or null: then nothing it says counts.</param>
    public Admission Admit(Hello hello, (NodeAddress Address, Lane Lane)? dialled, string? untrusted = null)
    {
        var wrong = untrusted;
        if (wrong is not null)
        {
            return Refuse(hello, wrong);
        }

        wrong = Read(hello, dialled, out var peer);
        if (wrong is not null)
        {
            return Refuse(hello, wrong);
        }

        lock (gate)
        {
            wrong = AgainstKnown(peer!);
        }

        // Membership is the own cluster's: of others it knows nothing, and a removed node's uid means nothing there.
        wrong ??= peer!.OtherCluster is null ? AskPolicy(hello) : null;
        if (wrong is not null)
        {
            return Refuse(hello, wrong);
        }

        lock (gate)
        {
            // Asked again: another connection may have brought a newer life while the policy was thinking.
            wrong = AgainstKnown(peer!);
            if (wrong is not null)
            {
                return Refuse(hello, wrong);
            }

            var old = byName.GetValueOrDefault(peer!.Name);
            if (old is not null && old.Address != peer.Address)
            {
                byAddress.Remove(old.Address);
            }

            byName[peer.Name] = peer;
            byAddress[peer.Address] = peer;
            return new Admission(peer, old is not null && (old.Uid != peer.Uid || old.Incarnation < peer.Incarnation) ? old : null, null);
        }
    }

    private string? Read(Hello hello, (NodeAddress Address, Lane Lane)? dialled, out PeerIdentity? peer)
    {
        peer = null;
        if (hello.Protocol != RemotingOptions.ProtocolVersion)
        {
            return $"it speaks protocol version {hello.Protocol}, this node {RemotingOptions.ProtocolVersion}: run the same build on both";
        }

        if (clusters.WhyNot(hello, dialled?.Address) is { } stranger)
        {
            return stranger;
        }

        if (!NodeName.TryParse(hello.Name, out var name) || !NodeAddress.TryParse(hello.Address, out var address) || hello.Uid.Length != 16)
        {
            return "its name, address or uid is malformed";
        }

        if (hello.Lane > (uint)Lane.Bulk || (dialled is { } lane && hello.Lane != (uint)lane.Lane))
        {
            return $"it names lane {hello.Lane}{(dialled is { } own ? $", dialled was lane {(uint)own.Lane}" : ", there are 0 and 1")}";
        }

        var uid = new Guid(hello.Uid.Span);
        if (uid == local.Identity.Uid)
        {
            return hello.Incarnation == local.Identity.Incarnation.Value ? "it is this node itself" : "it runs on a copy of this node's data directory (same uid)";
        }

        if (name == local.Identity.Name || address == local.Identity.Address)
        {
            return $"it claims this node's own {(name == local.Identity.Name ? "name" : "address")}";
        }

        if (dialled is { } to && to.Address != address)
        {
            return $"{to.Address} was dialled, but the node that answers there calls itself {address}: give every node the address that the others dial";
        }

        peer = new PeerIdentity(name, address, new NodeId(hello.Node), new Incarnation(hello.Incarnation), uid) { OtherCluster = hello.Cluster == local.Cluster ? null : hello.Cluster };
        return null;
    }

    private string? AgainstKnown(PeerIdentity peer)
    {
        if (!byName.TryGetValue(peer.Name, out var known))
        {
            return byName.Count >= maxPeers ? $"this node knows {maxPeers} peers already, its bound" : null;
        }

        if (known.Uid != peer.Uid)
        {
            if (known.OtherCluster is null && Policy is { } policy && !policy.HoldsItsName(known))
            {
                return null;
            }

            // A node of another cluster cannot be removed by this one: whoever comes from its address is its successor.
            return known.OtherCluster is { } other && other == peer.OtherCluster && known.Address == peer.Address
                ? null
                : $"the name {peer.Name} belongs to a node with another uid (at {known.Address}): choose another name, or remove the old member first";
        }

        if (peer.Incarnation < known.Incarnation)
        {
            return $"its incarnation {peer.Incarnation} is over, {known.Incarnation} is known";
        }

        return peer.Incarnation == known.Incarnation && peer.Address != known.Address
            ? $"it is known at {known.Address} in the same incarnation"
            : null;
    }

    private string? AskPolicy(Hello hello)
    {
        try
        {
            return Policy?.Judge(hello);
        }
#pragma warning disable CA1031 // A policy that throws must refuse, not end the connection loop of this node.
        catch (Exception broken)
#pragma warning restore CA1031
        {
            return $"the handshake policy failed: {broken.Message}";
        }
    }

    private Admission Refuse(Hello hello, string reason) =>
        new(null, null, $"{local} refuses '{Shown(hello.Name)}' ({Shown(hello.Address)}, incarnation {hello.Incarnation}): {reason}");

    // What a stranger sent goes into a log line: short, and without line ends of its own.
    private static string Shown(string text) => string.Concat(text.Take(64).Select(letter => char.IsControl(letter) ? '?' : letter));
}
