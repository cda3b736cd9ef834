using System.Buffers;
using Cluster.Engine.Remoting;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Tests.Remoting;

/// <summary>A transport with an ear on every channel: what came in and what happened, in order.</summary>
public sealed class TestNode
{
    private readonly Lock gate = new();
    private readonly List<(PeerIdentity From, Channel Channel, byte[] Payload)> frames = [];
    private readonly List<LinkEvent> events = [];
    private readonly List<string> story = [];

    public required ITransport Transport { get; init; }

    public NodeAddress Address => Transport.LocalAddress;

    /// <summary>Runs before a frame is noted; a test may throw in it.</summary>
    public Action<Channel>? OnArrival { get; set; }

    public IReadOnlyList<LinkEvent> Events { get { lock (gate) { return [.. events]; } } }

    /// <summary>Ups, downs and frames as one list.</summary>
    public IReadOnlyList<string> Story { get { lock (gate) { return [.. story]; } } }

    public int Count { get { lock (gate) { return frames.Count; } } }

    public IReadOnlyList<(PeerIdentity From, Channel Channel, byte[] Payload)> Frames { get { lock (gate) { return [.. frames]; } } }

    /// <summary>The numbers that <see cref="Numbered"/> put into the frames that arrived.</summary>
    public IReadOnlyList<int> Numbers => [.. Frames.Select(frame => int.Parse(ActorEnvelope.Parser.ParseFrom(frame.Payload).To, null))];

    public static ActorEnvelope Numbered(int number, int payloadBytes = 0) => new()
    {
        To = number.ToString(),
        Payload = payloadBytes == 0 ? ByteString.Empty : UnsafeByteOperations.UnsafeWrap(new byte[payloadBytes]),
    };

    /// <summary>Listens to everything but the channels named. Before the transport starts.</summary>
    public void Listen(params Channel[] except)
    {
        foreach (var channel in Enum.GetValues<Channel>().Except(except))
        {
            Transport.OnFrame(channel, (from, payload) => Note(from, channel, payload));
        }

        Transport.OnLink(happened =>
        {
            lock (gate)
            {
                events.Add(happened);
                story.Add(happened.GetType().Name);
            }
        });
    }

    public bool SendTo(TestNode other, int number, Lane lane = Lane.Interactive) => Transport.Send(other.Address, Channel.Actor, Numbered(number), lane);

    public bool IsLinkedTo(NodeAddress address, Lane lane = Lane.Interactive) => Transport.Links.Any(link => link.Address == address && link.Lane == lane && link.Up);

    public LinkStatus LinkTo(NodeAddress address, Lane lane = Lane.Interactive) => Transport.Links.Single(link => link.Address == address && link.Lane == lane);

    private void Note(PeerIdentity from, Channel channel, ReadOnlySequence<byte> payload)
    {
        OnArrival?.Invoke(channel);
        lock (gate)
        {
            frames.Add((from, channel, payload.ToArray()));
            story.Add("frame");
        }
    }
}
