using System.Globalization;
using Cluster.Engine.Port;
using Cluster.Shared.Patterns;
using Cluster.Shared.Results;

namespace Cluster.Engine.PubSub;

/// <summary>Which names may be subscribed to and published on. A pattern that cannot mean what it says is refused: it would only ever be silent.</summary>
internal static class TopicRules
{
    /// <summary>Why a filter is not allowed; null when it is.</summary>
    public static ClusterError? Judge(in TopicFilter filter, PubSubOptions options)
    {
        var isPattern = filter.Kind == TopicKind.Pattern;
        var most = isPattern ? options.MaxPatternBytes : options.MaxTopicBytes;
        if (filter.Kind is < TopicKind.Topic or > TopicKind.Sharded)
        {
            return Bad($"there is no kind {(int)filter.Kind} of subscription");
        }

        if (filter.Name.Length > most)
        {
            return TooLong(isPattern ? "pattern" : "topic", filter.Name.Length, most);
        }

        if (isPattern && Glob.Fault(filter.Name.Span) is { } fault)
        {
            return Bad($"invalid pattern: {fault}");
        }

        if (filter.Group is not { } group)
        {
            return null;
        }

        return filter.Kind != TopicKind.Topic ? Bad("only subscribers of a topic form groups, not those of patterns or sharded topics")
            : group.Length == 0 || group.Length > options.MaxGroupLength ? Bad(string.Create(CultureInfo.InvariantCulture, $"a group's name has 1 to {options.MaxGroupLength} characters, not {group.Length}"))
            : null;
    }

    /// <summary>Why a message is not allowed; null when it is.</summary>
    public static ClusterError? Judge(TopicKind kind, int topicBytes, int messageBytes, PubSubOptions options) =>
        kind is not (TopicKind.Topic or TopicKind.Sharded) ? Bad("messages are published to topics, not to patterns")
        : topicBytes > options.MaxTopicBytes ? TooLong("topic", topicBytes, options.MaxTopicBytes)
        : messageBytes > options.MaxMessageBytes ? TooLong("message", messageBytes, options.MaxMessageBytes)
        : null;

    private static ClusterError TooLong(string what, int bytes, int most) =>
        Bad(string.Create(CultureInfo.InvariantCulture, $"a {what} of {bytes} bytes is longer than the {most} that are taken"));

    private static ClusterError Bad(string why) => new(ErrorCode.BadRequest, why);
}
