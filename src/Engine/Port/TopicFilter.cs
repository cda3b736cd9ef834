using Google.Protobuf;

namespace Cluster.Engine.Port;

/// <summary>What a subscription is to: names are bytes, compared as they are.</summary>
/// <param name="Group">
/// The group that a subscriber of a topic shares its messages with, null for none. As in Akka, a group is part of what is subscribed to: its members hear what is
/// published to one of each group, and nothing else.
/// </param>
public readonly record struct TopicFilter(TopicKind Kind, ByteString Name, string? Group = null)
{
    public static TopicFilter Topic(string name, string? group = null) => new(TopicKind.Topic, ByteString.CopyFromUtf8(name), group);

    public static TopicFilter Pattern(string glob) => new(TopicKind.Pattern, ByteString.CopyFromUtf8(glob));

    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()} '{Name.ToStringUtf8()}'{(Group is null ? "" : $" (group '{Group}')")}";
}
