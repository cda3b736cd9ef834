using System.Collections.Concurrent;
using System.Collections.Immutable;
using Cluster.Engine.ControlPlane;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Membership;

/// <summary>Where membership posts what it hears of its peers: who cannot be reached, how strongly each is suspected, and what their heartbeats say. Written by one actor, read from any thread.</summary>
internal sealed class ReachabilityBoard
{
    /// <summary>Refused addresses remembered: those of a cluster's members and seeds; more can only be somebody knocking from everywhere.</summary>
    private const int MaxRefusals = 64;

    private readonly ConcurrentDictionary<NodeId, TimeSpan> clockSkew = [];
    private ImmutableHashSet<NodeId> unreachable = [];

    /// <summary>Never changed once it is posted, and made anew many times a second.</summary>
    private Dictionary<NodeId, double> phi = [];
    private ImmutableHashSet<NodeAddress> unlinked = [];
    private ImmutableHashSet<NodeId> absent = [];
    private ImmutableSortedDictionary<string, string> refusals = ImmutableSortedDictionary<string, string>.Empty;
    private GroupReports reports = GroupReports.Empty;

    private ImmutableHashSet<NodeId> retiring = [];

    /// <summary>Why this node is not a member yet, or never will be; null once it is one.</summary>
    public string? Waiting { get; set; } = "it is starting";

    public bool IsReachable(NodeId node) => !Volatile.Read(ref unreachable).Contains(node);

    /// <summary>Whether the node has said that it is about to end.</summary>
    public bool IsRetiring(NodeId node) => Volatile.Read(ref retiring).Contains(node);

    /// <summary>Notes what a node's newest heartbeat says of it.</summary>
    public void NoteRetiring(NodeId node, bool retires)
    {
        if (retires != IsRetiring(node))
        {
            Volatile.Write(ref retiring, retires ? retiring.Add(node) : retiring.Remove(node));
        }
    }

    /// <summary>Whether the link to a member has been lost, or could not be made, and does not stand again: for all this node knows nobody is there.</summary>
    public bool IsUnlinked(NodeAddress address) => Volatile.Read(ref unlinked).Contains(address);

    /// <summary>Suspicion as of the last tick: 0 just heard, 8 and more suspect.</summary>
    public double Phi(NodeId node) => Volatile.Read(ref phi).GetValueOrDefault(node);

    /// <summary>Who has been silent for so long that its replicas are built again elsewhere.</summary>
    public IReadOnlyCollection<NodeId> Absent => Volatile.Read(ref absent);

    /// <summary>How the shards' groups stand, as their leaders say.</summary>
    public GroupReports Reports
    {
        get => Volatile.Read(ref reports);
        set => Volatile.Write(ref reports, value);
    }

    /// <summary>How far a peer's clock is ahead of this node's, as its last heartbeat showed; what the message took to arrive is in it.</summary>
    public IReadOnlyDictionary<NodeId, TimeSpan> ClockSkew => clockSkew;

    /// <summary>Why links were refused that stand refused still, by address.</summary>
    public IReadOnlyDictionary<string, string> Refusals => Volatile.Read(ref refusals);

    public bool IsAbsent(NodeId node) => Volatile.Read(ref absent).Contains(node);

    public void PublishAbsent(IReadOnlyList<NodeId> nodes)
    {
        if (nodes.Count > 0 || !absent.IsEmpty)
        {
            Volatile.Write(ref absent, [.. nodes]);
        }
    }

    public void NoteClock(NodeId node, TimeSpan ahead) => clockSkew[node] = ahead;

    public void NoteRefusal(NodeAddress from, string? reason)
    {
        var address = from.ToString();
        if (reason is not null && (refusals.ContainsKey(address) || refusals.Count < MaxRefusals))
        {
            Volatile.Write(ref refusals, refusals.SetItem(address, reason));
        }
        else if (reason is null)
        {
            Volatile.Write(ref refusals, refusals.Remove(address));
        }
    }

    public void NoteLink(NodeAddress address, bool up) => Volatile.Write(ref unlinked, up ? unlinked.Remove(address) : unlinked.Add(address));

    public void Publish(IEnumerable<NodeId> lost, IEnumerable<KeyValuePair<NodeId, double>> suspicion)
    {
        Volatile.Write(ref unreachable, [.. lost]);
        Volatile.Write(ref phi, suspicion.ToDictionary());
    }
}
