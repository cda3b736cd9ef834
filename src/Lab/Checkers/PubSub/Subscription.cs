using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.PubSub;

/// <summary>One subscription: when it was made and ended, and everything that its client was given of it.</summary>
internal sealed class Subscription(string id, Operation made, TopicMatch match)
{
    private long last;
    private long lastAsked = -1;

    public string Id => id;

    public Operation Made => made;

    public TopicMatch Match => match;

    public string? Group => made.Input[2];

    /// <summary>The first confirmed end; null for none.</summary>
    public Operation? Ended { get; private set; }

    /// <summary>What it heard, by number. What came under a number again is left out where it is the same.</summary>
    public SortedDictionary<long, HeardMessage> Heard { get; } = [];

    /// <summary>Under one number it was given two messages.</summary>
    public List<(HeardMessage First, HeardMessage Second)> Contradictions { get; } = [];

    /// <summary>Whether messages found no place in its inbox: a loss that its client could see.</summary>
    public bool HasGap => last > Heard.Count;

    public void End(Operation operation) => Ended ??= operation;

    public void Hear(Operation operation, long newest, IReadOnlyList<HeardMessage> messages)
    {
        foreach (var message in messages)
        {
            if (!Heard.TryAdd(message.Number, message) && !Heard[message.Number].IsSame(message))
            {
                Contradictions.Add((Heard[message.Number], message));
            }
        }

        var isWhole = messages.Count == 0 || messages[^1].Number >= newest;
        if (isWhole)
        {
            (last, lastAsked) = (Math.Max(last, newest), Math.Max(lastAsked, operation.Call));
        }
    }

    /// <summary>Whether its client asked after that instant, and was given all that it had heard.</summary>
    public bool WasReadAfter(long instant) => lastAsked > instant;

    /// <summary>Whether it was certain to exist during a time.</summary>
    public bool StoodFrom(long from, long until) => made.Outcome == Outcome.Ok && made.Return <= from && (Ended is null || Ended.Call > until);

    /// <summary>Whether it may have existed at some instant of a time.</summary>
    public bool MayHaveStood(long from, long until) => made.Outcome != Outcome.Fail && made.Call <= until && (Ended is null || Ended.Return >= from);

    public override string ToString() => $"{id} (to {made.Key}{(Group is null ? "" : $", group {Group}")}, process {made.Process})";
}
