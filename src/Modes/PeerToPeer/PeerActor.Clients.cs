using System.Globalization;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;
using Cluster.Shared.Results;

namespace Cluster.Modes.PeerToPeer;

/// <content>What clients ask of this peer.</content>
internal sealed partial class PeerActor
{
    private void Serve(ModeRequest request)
    {
        if (!open.TryOpen(Sender, request, out var id))
        {
            return;
        }

        switch (request.Operation)
        {
            case StorageOperations.Get:
                Get(id, request.Text(StorageOperations.Key), (int)request.Number(PeerToPeerMode.Answers));
                break;
            case StorageOperations.Put or StorageOperations.Delete:
                Put(id, request.Text(StorageOperations.Key), request.Find(StorageOperations.Value), (int)request.Number(PeerToPeerMode.Copies));
                break;
            case StorageOperations.Where:
                Where(id, request.Text(StorageOperations.Key));
                break;
            case PeerToPeerMode.Lookup:
                LookUp(id, request.Text(StorageOperations.Key));
                break;
            default:
                Close(id, ModeAnswer.Ok(Report(), PeerToPeerJson.Default.PeersReport));
                break;
        }
    }

    private void Get(long id, string key, int answers) => StartLookup(KademliaId.Of(key), key, wantsValue: true, answers, found =>
    {
        if (found.Newest is { } newest)
        {
            Close(id, ModeAnswer.Ok(new StoredValue(key, newest.Value, newest.Tag.ToString()), StorageJson.Default.StoredValue));
        }
        else if (found.Lookup.Silent > 0)
        {
            Close(id, ModeAnswer.Unavailable($"nobody who answered {node.Name} has {key}, and {found.Lookup.Silent} of the peers near it did not answer"));
        }
        else
        {
            Close(id, ModeAnswer.Ok(new StoredValue(key, null, null), StorageJson.Default.StoredValue));
        }
    });

    /// <summary>Finds the k nearest and the highest tag among them, then stores at all of them.</summary>
    private void Put(long id, string key, string? value, int copies) => StartLookup(KademliaId.Of(key), key, wantsValue: false, enough: 0, found =>
    {
        if (!open.IsOpen(id))
        {
            return; // Its client has been told that it is unknown; storing it now would only be late.
        }

        var nearest = found.Lookup.Found;
        if (nearest.Count < copies || !HasRoom)
        {
            Close(id, ModeAnswer.Unavailable(HasRoom
                ? $"{nearest.Count} peers near {key} answer {node.Name}, itself included; {copies} copies are to be made"
                : $"the disk of {node.Name} has not taken its last {PendingEvents} writes"));
            return;
        }

        var writer = FormattableString.Invariant($"{node.Name}-{Context.System.Random.NextInt64():x16}");
        var copy = new StoredCopy(key, value, new CopyTag((found.Highest?.Count ?? 0) + 1, writer));
        var (kept, waiting) = (0, nearest.Count);
        foreach (var peer in nearest)
        {
            if (peer.Id == self.Id)
            {
                heardOf[key] = Now;
                Take(copy);
                DeferAsync(() => Judge(store.Find(key) is not null));
            }
            else
            {
                Call(peer, call => new Store(call, [copy]), answer => Judge(answer is Stored { IsFull: false }));
            }
        }

        void Judge(bool isKept)
        {
            (kept, waiting) = (kept + (isKept ? 1 : 0), waiting - 1);
            if (kept == copies)
            {
                Close(id, ModeAnswer.Ok(new StoredWrite(key, copy.Tag.ToString()) { Copies = kept }, StorageJson.Default.StoredWrite));
            }
            else if (waiting == 0 && kept < copies)
            {
                Close(id, ModeAnswer.Failed(new ClusterError(ErrorCode.OutcomeUnknown, $"{kept} of the {nearest.Count} peers near {key} have told that they keep it; {copies} copies are to be made")));
            }
        }
    });

    private void Where(long id, string key) => StartLookup(KademliaId.Of(key), key, wantsValue: false, enough: 0, found =>
    {
        var (place, highest) = (KademliaId.Of(key), found.Highest);
        Close(id, ModeAnswer.Ok(
            new KeyWhereabouts(key, null, [.. found.Lookup.Found.Select(peer => new ReplicaWhereabouts(peer.Node, found.TagOf(peer.Node)?.ToString(), State(found.TagOf(peer.Node))))])
            {
                Place = $"{place}; distance {string.Join(", ", found.Lookup.Found.Select(peer => $"{peer.Node} {peer.Id.DistanceTo(place)}"))}; {found.Lookup.Hops} hops",
                LastRepairMsAgo = heardOf.TryGetValue(key, out var at) ? (Now - at).TotalMilliseconds : null,
            },
            StorageJson.Default.KeyWhereabouts));

        string State(CopyTag? tag) => tag is null ? "missing" : tag == highest ? "current" : "behind";
    });

    private void LookUp(long id, string key) => StartLookup(KademliaId.Of(key), null, wantsValue: false, enough: 0, found => Close(id, ModeAnswer.Ok(
        new LookupReport(key, KademliaId.Of(key).ToString(), found.Lookup.Hops, found.Lookup.Asked, found.Lookup.Silent, (Now - found.Began).TotalMilliseconds, [.. found.Lookup.Found.Select(peer => Near(peer, KademliaId.Of(key)))]),
        PeerToPeerJson.Default.LookupReport)));

    private static NearPeer Near(Peer peer, KademliaId place) => new(peer.Node, peer.Id.ToString(), peer.Id.DistanceTo(place).ToString(), peer.Id.CommonPrefix(place));

    private PeersReport Report() => new(self.Node, self.Id.ToString(), swim.Incarnation, store.Count, [.. swim.Members.Select(member => new KnownPeer(
        member.Peer.Node, member.Peer.Id.ToString(), member.State, member.Incarnation, table.Contains(member.Peer.Id) ? self.Id.CommonPrefix(member.Peer.Id) : null))]);

    /// <summary>Answers once everything that the answer may rest on is durable.</summary>
    private void Close(long id, ModeAnswer answer) => DeferAsync(() => open.Close(id, answer));

    private void Expire(RequestExpired expired)
    {
        var isRead = open.Find(expired.Id) is not { Operation: StorageOperations.Put or StorageOperations.Delete };
        open.Expire(expired, isRead, string.Create(CultureInfo.InvariantCulture, $"the peers near the key have not answered {node.Name}"));
    }
}
