using Cluster.Engine.Actors.Remote;
using Cluster.Engine.Flaws;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;

namespace Cluster.Modes.PeerToPeer;

/// <summary>A distributed hash table without a coordinator: each peer knows a few others, keys live at the peers nearest to them, and any peer serves any client.</summary>
public static class PeerToPeerMode
{
    public const string Slug = "peer-to-peer";

    /// <summary>How many peers keep a key, and how many a bucket holds: the paper's k, which it sets to 20 for millions of peers that come and go by the hour. A lab has five.</summary>
    internal const int K = 3;

    /// <summary>Questions of one lookup at one time, as in the paper.</summary>
    internal const int Alpha = 3;

    internal const string NoRepublish = "no-republish";
    internal const string LastStoreStays = "last-store-stays";

    internal const string Copies = "copies";
    internal const string Answers = "answers";
    internal const string Lookup = "lookup";
    internal const string Peers = "peers";

    private static readonly ModeArgument Key = ModeArgument.Text(StorageOperations.Key, "The key.", StorageOperations.KeyBytesMax);

    private static readonly ModeArgument HowManyCopies = ModeArgument.Number(Copies, "How many peers must have it on their disks before it is answered.", 1, K).Or("2");

    public static Mode Mode { get; } = new(
        Slug,
        "storage",
        "Every peer is client and server and none decides: a key is found in a logarithmic number of hops, and lives on while fewer than three of the peers that keep it die within a republish interval.",
        PeerToPeerLab.Scenario)
    {
        Parts = new ModeParts
        {
            Messages = Register,
            Operations =
            [
                StorageOperations.Reading(ModeArgument.Number(Answers, "How many peers that have it must say so; the newest is answered.", 1, K).Or("1")),
                StorageOperations.Writing(HowManyCopies),
                StorageOperations.Deleting(HowManyCopies),
                StorageOperations.Locating(),
                new(Lookup, "Looks for the peers that are nearest to a key, and tells how many hops away they were.") { IsRead = true, Arguments = [Key] },
                new(Peers, "Tells which peers the asked one knows: what it holds them for, and in which bucket they are.") { IsRead = true },
            ],
            Door = static node => Props.Create(() => new PeerActor(node, new CopyStore(keepsWhatComesLast: node.HasFlaw(LastStoreStays)))),
            Flaws =
            [
                new PlantedFlaw { Name = NoRepublish, Breaks = "the peer-to-peer mode never republishes: what its peers take with them when they leave is gone, and who comes back keeps what is old" },
                new PlantedFlaw { Name = LastStoreStays, Breaks = "the peer-to-peer mode keeps whichever copy comes last: an old one that is republished takes the place of a new one" },
            ],
        },
        Storage = new StorageContract(
            4,
            [
                new([StorageOperations.Get, StorageOperations.Put, StorageOperations.Delete], "", ConsistencyModel.Eventual, "on every side of a partition that has as many peers as there are to be copies"),
                new([StorageOperations.Get], "answers=3", ConsistencyModel.Eventual, "and a value that is older than another one is seen less often"),
            ])
        {
            Textbook = new Textbook("linear", "eventual", "all sides", "high", "Tanenbaum and van Steen, Distributed Systems, 3rd ed., 2.3 and 5.2"),
            Cost = Cost,
        },
    };

    /// <summary>By section 3 of the paper: each hop halves the distance, so of n peers the k nearest are log2(n/k) hops away; a peer that is one of them has no hop to go.</summary>
    private static MessageCost Cost(int nodes)
    {
        var others = K - Math.Min(1.0, (double)K / nodes);
        var hops = Math.Max(1, Math.Ceiling(Math.Log2((double)nodes / K)));
        var get = (1 - Math.Min(1.0, (double)K / nodes)) * 2 * Alpha * hops;
        return new MessageCost(get, (2 * others * hops) + (2 * others), "a question and an answer to alpha peers for each of log2(n/k) hops, none where the asked peer has the key; a write asks and then stores at k");
    }

    private static void Register(MessageRegistry messages) => messages
        .Register("peer-to-peer.copy", 1, PeerToPeerJson.Default.StoredCopy)
        .Register("peer-to-peer.dropped", 1, PeerToPeerJson.Default.CopyDropped)
        .Register("peer-to-peer.find", 1, PeerToPeerJson.Default.Find)
        .Register("peer-to-peer.found", 1, PeerToPeerJson.Default.Found)
        .Register("peer-to-peer.store", 1, PeerToPeerJson.Default.Store)
        .Register("peer-to-peer.stored", 1, PeerToPeerJson.Default.Stored)
        .Register("peer-to-peer.offer", 1, PeerToPeerJson.Default.Offer)
        .Register("peer-to-peer.offer-answer", 1, PeerToPeerJson.Default.OfferAnswer)
        .Register("peer-to-peer.arrived", 1, PeerToPeerJson.Default.PeerArrived)
        .Register("peer-to-peer.probe", 1, PeerToPeerJson.Default.Probe)
        .Register("peer-to-peer.probed", 1, PeerToPeerJson.Default.Probed)
        .Register("peer-to-peer.ping", 1, PeerToPeerJson.Default.SwimPing)
        .Register("peer-to-peer.ack", 1, PeerToPeerJson.Default.SwimAck)
        .Register("peer-to-peer.ping-request", 1, PeerToPeerJson.Default.SwimPingRequest);
}
