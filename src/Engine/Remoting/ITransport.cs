using Cluster.Engine.Remoting.Faults;
using Cluster.Engine.Remoting.Recording;
using Cluster.Shared.Ids;
using Google.Protobuf;

namespace Cluster.Engine.Remoting;

/// <summary>
/// Moves frames between nodes. A frame arrives at most once; frames sent to one node on one lane by one thread arrive in order, with gaps where
/// some were dropped. Nothing here blocks, and every buffer is bounded.
/// </summary>
public interface ITransport : IAsyncDisposable
{
    NodeAddress LocalAddress { get; }

    /// <summary>Longest encoded message that <see cref="Send"/> takes, in bytes.</summary>
    int MaxFrameBytes { get; }

    /// <summary>The seam where link faults are injected.</summary>
    LinkFaults Faults { get; }

    /// <summary>Records the frames that this node sends, receives and drops; off until it is started.</summary>
    MessageRecorder Recorder { get; }

    /// <summary>Every link that is wanted or up, ordered by address and lane.</summary>
    IReadOnlyList<LinkStatus> Links { get; }

    /// <summary>Says who takes a channel's frames. Before <see cref="StartAsync"/>; a channel has one handler.</summary>
    void OnFrame(Channel channel, FrameHandler handler);

    /// <summary>Adds a listener of link events, called on the transport's own loops: it must not block. Before <see cref="StartAsync"/>.</summary>
    void OnLink(Action<LinkEvent> handler);

    /// <summary>Gives membership a say in handshakes, after the built-in checks. Before <see cref="StartAsync"/>.</summary>
    void UsePolicy(IHandshakePolicy policy);

    /// <summary>From now on peers are accepted and dialled.</summary>
    Task StartAsync(CancellationToken cancellation = default);

    /// <summary>Wants a link to <paramref name="to"/>: dials until it is up, and again whenever it is lost, until <see cref="Forget"/>.</summary>
    void Connect(NodeAddress to);

    /// <summary>
    /// Sends <paramref name="message"/>, encoded before this returns. Implies <see cref="Connect"/>; frames wait for the first connection within the
    /// lane's bound. False when the frame was dropped here: bound met, too large, link cut by a fault, transport stopped. True promises nothing.
    /// </summary>
    bool Send(NodeAddress to, Channel channel, IBufferMessage message, Lane lane = Lane.Interactive);

    /// <summary>Closes the links to an address that nobody wants any more and forgets who was there. A peer that dials this node is judged afresh.</summary>
    void Forget(NodeAddress address);
}
