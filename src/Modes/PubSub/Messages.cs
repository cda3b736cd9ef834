using System.Text.Json.Serialization;
using Cluster.Engine.Port;
using Google.Protobuf;

namespace Cluster.Modes.PubSub;

// What clients are answered.

/// <summary>Answers <c>subscribe</c>: what is published from now on is heard, from other nodes once their links have brought them the news.</summary>
/// <param name="Node">Where the subscription lives; it is heard, and ended, there.</param>
public sealed record SubscribedAnswer(string Subscription, string Kind, string Name, string? Group, string Node, long LeaseMs);

/// <summary>Answers <c>publish</c>. No proof of delivery: what other nodes have is what their gossip last said.</summary>
/// <param name="Here">Subscriptions on this node that it was handed to.</param>
/// <param name="Nodes">Other nodes that it was sent to: as many frames.</param>
/// <param name="Elsewhere">Subscriptions on those.</param>
public sealed record PublishedAnswer(int Here, int Nodes, long Elsewhere);

/// <summary>Answers <c>hear</c>.</summary>
/// <param name="State">open, unsubscribed or cut-off.</param>
/// <param name="Last">Number of the last message that the subscription was handed; above the last of <paramref name="Messages"/>: there is more.</param>
/// <param name="Messages">In the order in which they came. A number that is missing is a message that found no place.</param>
public sealed record HeardAnswer(string Subscription, string State, long Last, IReadOnlyList<HeardMessage> Messages);

/// <summary>One message that a subscription heard.</summary>
/// <param name="Number">From 1, without gaps but for what found no place.</param>
/// <param name="Text">The message, if it is text.</param>
/// <param name="Base64">The message, if it is not.</param>
public sealed record HeardMessage(long Number, string Topic, string? Text, string? Base64);

/// <summary>Answers <c>unsubscribe</c>: nothing that is published from now on is heard. What was heard before can still be read until the lease is over.</summary>
public sealed record UnsubscribedAnswer(string Subscription);

/// <summary>Answers <c>list</c>.</summary>
public sealed record SubscriptionsAnswer(string Node, IReadOnlyList<SubscriptionView> Subscriptions);

/// <summary>One subscription of this node's.</summary>
/// <param name="State">open; or unsubscribed or cut-off, while what it heard can still be read.</param>
public sealed record SubscriptionView(string Subscription, string Kind, string Name, string? Group, string State);

// Between a topic and the inbox of a subscription, on one node.

/// <summary>A message has come for a subscription.</summary>
/// <param name="Number">Given where it was handed over, so that one that finds no place leaves a gap that can be seen.</param>
internal sealed record MessageHeard(long Number, ByteString Topic, ByteString Payload);

/// <summary>The first of some messages waits for the inbox's turn.</summary>
internal sealed record MessagesWait
{
    public static readonly MessagesWait Instance = new();
}

/// <summary>A subscription is over, though what it heard can still be read.</summary>
internal sealed record InboxChanged(IActorRef Inbox, string State);

/// <summary>A subscription's client has given no sign of life for as long as its lease.</summary>
internal sealed record LeaseOver
{
    public static readonly LeaseOver Instance = new();
}

/// <summary>How answers are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SubscribedAnswer))]
[JsonSerializable(typeof(PublishedAnswer))]
[JsonSerializable(typeof(HeardAnswer))]
[JsonSerializable(typeof(UnsubscribedAnswer))]
[JsonSerializable(typeof(SubscriptionsAnswer))]
internal sealed partial class PubSubJson : JsonSerializerContext;
