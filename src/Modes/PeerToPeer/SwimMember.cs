namespace Cluster.Modes.PeerToPeer;

/// <summary>What this peer holds another for.</summary>
internal sealed class SwimMember(PeerUpdate first, TimeSpan now)
{
    /// <summary>Where it was heard of last.</summary>
    public Peer Peer { get; set; } = first.Peer;

    public PeerState State { get; set; } = first.State;

    public long Incarnation { get; set; } = first.Incarnation;

    /// <summary>Since when in this state, on the monotonic clock.</summary>
    public TimeSpan Since { get; set; } = now;

    /// <summary>How often the state has still to be told.</summary>
    public int StillToTell { get; set; }

    public PeerUpdate Update => new(Peer, State, Incarnation);
}
