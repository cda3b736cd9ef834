using System.Text.Json;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;
using Cluster.Shared.Ids;

namespace Cluster.Modes.PeerToPeer;

/// <summary>
/// One peer: serves its clients and all other peers, keeps its copies on its disk, and looks after the routing table and the membership. It sleeps until its first key or the first message of another peer.
/// </summary>
internal sealed partial class PeerActor : PersistentActor
{
    /// <summary>Events that have room to finish what is under way when the disk stands still.</summary>
    private const int SpareEvents = 3_000;

    private readonly IModeNode node;
    private readonly CopyStore store;
    private readonly OpenRequests open;
    private readonly Peer self;
    private readonly RoutingTable table;
    private readonly SwimCore swim;

    public PeerActor(IModeNode node, CopyStore store)
    {
        this.node = node;
        this.store = store;
        open = new OpenRequests(node, Timers, () => Self);
        self = new Peer(node.Name.ToString(), Context.System.Address?.Endpoint.ToString() ?? "");
        table = new RoutingTable(self.Id, PeerToPeerMode.K);
        swim = new SwimCore(self, Context.System.Random.Next);
    }

    protected override string PersistenceId => PeerToPeerMode.Slug;

    private TimeSpan Now => Context.System.Time.Elapsed();

    private bool HasRoom => !IsBehind(SpareEvents);

    protected override void ReceiveRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: var bytes }:
                foreach (var copy in JsonSerializer.Deserialize(bytes, PeerToPeerJson.Default.CopySnapshot)!.Copies)
                {
                    store.Take(copy);
                }

                break;
            case StoredCopy copy:
                store.Take(copy);
                break;
            case CopyDropped dropped:
                store.Drop(dropped.Key, dropped.Tag);
                break;
            case RecoveryCompleted when store.Count > 0:
                Wake();
                break;
        }
    }

    protected override void ReceiveCommand(object message)
    {
        if (message is ModeRequest request)
        {
            Wake();
            Serve(request);
        }
        else if (message is RequestExpired expired)
        {
            Expire(expired);
        }
        else if (!Upkeep(message) && !HearPeer(message))
        {
            Unhandled(message);
        }
    }

    protected override byte[] TakeSnapshot() => JsonSerializer.SerializeToUtf8Bytes(new CopySnapshot([.. store.All]), PeerToPeerJson.Default.CopySnapshot);

    /// <summary>Keeps a copy, if it is newer; durable at some time.</summary>
    private void Take(StoredCopy copy)
    {
        if (store.Take(copy))
        {
            PersistAsync(copy, static _ => { });
        }
    }

    private void Tell(Peer peer, object message)
    {
        if (NodeName.TryParse(peer.Node, out var name) && NodeAddress.TryParse(peer.Address, out var address) && peer.Node != self.Node)
        {
            Context.System.Resolve(Self.Path.WithAddress(new ActorAddress(name, address)).WithUid(0).ToString()).Tell(message, Self);
        }
    }

    /// <summary>Who sent the message in hand; null where no other node did.</summary>
    private Peer? From() => Sender.Path.Address is { } address ? new Peer(address.Node.ToString(), address.Endpoint.ToString()) : null;
}
