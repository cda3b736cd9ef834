using System.Text.Json.Serialization;

namespace Cluster.Modes.PeerToPeer;

// What a peer keeps.

/// <summary>A value with its tag: an event of the peer that keeps it.</summary>
/// <param name="Value">Null: the key was deleted.</param>
public sealed record StoredCopy(string Key, string? Value, CopyTag Tag);

/// <summary>The k nearest have the copy, and this peer is none of them: an event.</summary>
public sealed record CopyDropped(string Key, CopyTag Tag);

/// <summary>All of a peer's copies, for its journal.</summary>
public sealed record CopySnapshot(IReadOnlyList<StoredCopy> Copies);

// Kademlia (section 2.3). Each may be lost, doubled or late; who asks waits for a while and goes on without.

/// <summary>FIND_NODE and FIND_VALUE in one: asks for the k peers nearest to a place, and for what the asked one has of a key.</summary>
/// <param name="Key">Null: of none.</param>
/// <param name="WantsValue">Whether the value is to come, too, and not its tag only.</param>
public sealed record Find(long Id, KademliaId Target, string? Key, bool WantsValue);

/// <summary>Answers <see cref="Find"/>.</summary>
/// <param name="Copy">With the value, where it was wanted and is there.</param>
/// <param name="Tag">Of the copy; null where there is none.</param>
public sealed record Found(long Id, IReadOnlyList<Peer> Closest, StoredCopy? Copy, CopyTag? Tag);

/// <summary>STORE: keep these, unless there is something newer.</summary>
public sealed record Store(long Id, IReadOnlyList<StoredCopy> Copies);

/// <summary>Answers <see cref="Store"/> once these, or newer ones, are on the peer's disk.</summary>
/// <param name="IsFull">The peer keeps as much as it can, and has not kept all of them.</param>
public sealed record Stored(long Id, bool IsFull);

/// <summary>Republishing: what the sender keeps, by tags only, of keys to which it holds the receiver for one of the k nearest.</summary>
public sealed record Offer(long Id, IReadOnlyList<OfferedTag> Tags);

/// <summary>One line of an <see cref="Offer"/>.</summary>
public sealed record OfferedTag(string Key, CopyTag Tag);

/// <summary>Answers <see cref="Offer"/>: which it wants, which it refuses, and what it has newer itself.</summary>
/// <param name="Refused">It lacks these and is full: whoever offered them must not drop them on this peer's account.</param>
/// <param name="IsMore">There was more than one message holds; it comes with the next round.</param>
public sealed record OfferAnswer(long Id, IReadOnlyList<string> Wanted, IReadOnlyList<string> Refused, IReadOnlyList<StoredCopy> Newer, bool IsMore)
{
    /// <summary>Those of an offer that the peer had, in just this state: it has said of all others that it has not. None where it could not tell all.</summary>
    public IEnumerable<OfferedTag> HadOf(IReadOnlyList<OfferedTag> offered)
    {
        var hasNot = Wanted.Concat(Newer.Select(newer => newer.Key)).Concat(Refused).ToHashSet(StringComparer.Ordinal);
        return IsMore ? [] : offered.Where(tag => !hasNot.Contains(tag.Key));
    }
}

/// <summary>A peer has begun a new life and may have lost what it kept: whoever hears it offers at once what it should have.</summary>
public sealed record PeerArrived;

/// <summary>PING of the routing table: is the oldest of a full bucket still there?</summary>
public sealed record Probe(long Id);

/// <summary>Answers <see cref="Probe"/>.</summary>
public sealed record Probed(long Id);

// SWIM (Das, Gupta and Motivala 2002): who is there, by gossip on the back of pings.

/// <summary>Are you there?</summary>
public sealed record SwimPing(long Sequence, IReadOnlyList<PeerUpdate> Updates);

/// <summary>Answers <see cref="SwimPing"/>, or tells that the one who was asked about has answered.</summary>
public sealed record SwimAck(long Sequence, IReadOnlyList<PeerUpdate> Updates);

/// <summary>Asks a third peer to ping one that does not answer.</summary>
public sealed record SwimPingRequest(long Sequence, Peer Target, IReadOnlyList<PeerUpdate> Updates);

/// <summary>What is said of a peer.</summary>
/// <param name="Incarnation">Raised by that peer alone, to contradict who says that it is suspected or dead.</param>
public sealed record PeerUpdate(Peer Peer, PeerState State, long Incarnation);

/// <summary>What a peer holds another for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PeerState>))]
public enum PeerState
{
    [JsonStringEnumMemberName("alive")]
    Alive,

    /// <summary>It does not answer, and may still contradict.</summary>
    [JsonStringEnumMemberName("suspect")]
    Suspect,

    [JsonStringEnumMemberName("dead")]
    Dead,
}

// What clients are told beyond the contract of the storage modes.

/// <summary>Answers <c>lookup</c>.</summary>
/// <param name="Id">The key's place.</param>
/// <param name="Hops">The longest chain of peers of which each named the next.</param>
/// <param name="Asked">Questions in all.</param>
/// <param name="Silent">Of them without an answer.</param>
/// <param name="Nearest">The peers that keep the key, nearest first.</param>
public sealed record LookupReport(string Key, string Id, int Hops, int Asked, int Silent, double TookMs, IReadOnlyList<NearPeer> Nearest);

/// <summary>A peer and how far it is from a key.</summary>
/// <param name="Distance">The exclusive or of both ids.</param>
/// <param name="SharedBits">How many bits from the top are the same.</param>
public sealed record NearPeer(string Node, string Id, string Distance, int SharedBits);

/// <summary>Answers <c>peers</c>: what the asked peer knows.</summary>
public sealed record PeersReport(string Node, string Id, long Incarnation, int Copies, IReadOnlyList<KnownPeer> Peers);

/// <summary>One of them.</summary>
/// <param name="Bucket">How many bits from the top it shares with the asked one; null: it is not in the routing table.</param>
public sealed record KnownPeer(string Node, string Id, PeerState State, long Incarnation, int? Bucket);

/// <summary>How all of it is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredCopy))]
[JsonSerializable(typeof(CopyDropped))]
[JsonSerializable(typeof(CopySnapshot))]
[JsonSerializable(typeof(Find))]
[JsonSerializable(typeof(Found))]
[JsonSerializable(typeof(Store))]
[JsonSerializable(typeof(Stored))]
[JsonSerializable(typeof(Offer))]
[JsonSerializable(typeof(OfferAnswer))]
[JsonSerializable(typeof(PeerArrived))]
[JsonSerializable(typeof(Probe))]
[JsonSerializable(typeof(Probed))]
[JsonSerializable(typeof(SwimPing))]
[JsonSerializable(typeof(SwimAck))]
[JsonSerializable(typeof(SwimPingRequest))]
[JsonSerializable(typeof(LookupReport))]
[JsonSerializable(typeof(PeersReport))]
internal sealed partial class PeerToPeerJson : JsonSerializerContext;
