using System.Text;
using System.Text.RegularExpressions;

namespace Cluster.Lab.Checkers.PubSub;

/// <summary>What a subscription is to, as its history tells it, and which topics that covers: written anew, so that the cluster is not judged by its own matching.</summary>
internal sealed class TopicMatch
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, bool> known = new(StringComparer.Ordinal);
    private readonly string name;
    private readonly Regex? pattern;

    private TopicMatch(string name, Regex? pattern) => (this.name, this.pattern) = (name, pattern);

    public static TopicMatch Topic(string name) => new(name, null);

    /// <summary>Null for a pattern with what this does not read: a range, a negation, a backslash, an open bracket.</summary>
    public static TopicMatch? Pattern(string glob)
    {
        var regex = new StringBuilder("^");
        for (var at = 0; at < glob.Length; at++)
        {
            var end = glob[at] == '[' ? glob.IndexOf(']', at) : at;
            if (end < 0 || glob[at] == '\\' || (end > at && glob.AsSpan(at + 1, end - at - 1).IndexOfAny("-^\\[") >= 0))
            {
                return null;
            }

            regex.Append(glob[at] switch
            {
                '*' => "(.|\n)*",
                '?' => "(.|\n)",
                '[' => end == at + 1 ? "(?!)" : $"({string.Join('|', glob[(at + 1)..end].Select(one => Regex.Escape(one.ToString())))})",
                var other => Regex.Escape(other.ToString()),
            });
            at = end;
        }

        return new TopicMatch(glob, new Regex(regex.Append("\\z").ToString(), RegexOptions.CultureInvariant, Patience));
    }

    public bool Covers(string topic)
    {
        if (!known.TryGetValue(topic, out var covers))
        {
            known.Add(topic, covers = pattern?.IsMatch(topic) ?? (name == topic));
        }

        return covers;
    }
}
