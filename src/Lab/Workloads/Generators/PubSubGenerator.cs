using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Recipes;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Generators;

/// <summary>
/// Subscribes to topics, patterns and groups, publishes, asks what was heard, and ends subscriptions; after the end of one it goes on asking for a while, so that what was delivered too
/// late is seen. A subscription that its node knows no more is given up.
/// </summary>
internal sealed class PubSubGenerator(WorkloadOptions options, int client, int topics) : IGenerator
{
    /// <summary>Subscriptions of one client at a time.</summary>
    private const int MostOpen = 3;

    /// <summary>Of a hundred operations, how many begin a subscription and how many end one: they live for some hundred operations, and most of them settle.</summary>
    private const int SubscribePercent = 3;
    private const int UnsubscribePercent = 1;

    /// <summary>Of a hundred messages, how many go to one of each group.</summary>
    private const int GroupPercent = 30;

    /// <summary>How often a client asks for what a subscription has heard after it has ended it.</summary>
    private const int AsksAfterEnd = 10;

    private const int Groups = 2;

    private readonly Dice dice = new(options, client, topics);
    private readonly List<Held> held = [];
    private int made;

    public IEnumerable<string> Keys => [];

    private IEnumerable<Held> Open => held.Where(one => one.AsksLeft is null);

    public Request Next()
    {
        var (roll, open) = (dice.NextPercent(), Open.ToList());
        return open.Count == 0 || (roll < SubscribePercent && open.Count < MostOpen) ? Subscribe()
            : roll is >= SubscribePercent and < SubscribePercent + UnsubscribePercent ? open[dice.Below(open.Count)].Request("unsubscribe")
            : dice.NextIsRead() ? Hear(held[dice.Below(held.Count)])
            : new Request("publish", Topic(dice.NextKey()), dice.NextValue(), dice.NextPercent() < GroupPercent ? "group" : "all");
    }

    public void Saw(Request request, in StoreAnswer answer)
    {
        var of = held.Find(one => one.Id == request.Input[0]);
        switch (request.Op, answer.Outcome)
        {
            case ("subscribe", Outcome.Ok):
                held.Add(new Held(request.Key, request.Input[0]!));
                break;
            case ("hear", Outcome.Ok) when of is not null:
                of.After = PubSubWords.Newest(answer.Output!) ?? of.After;
                break;
            case ("unsubscribe", Outcome.Ok) when of is not null:
                of.AsksLeft = AsksAfterEnd;
                break;
            case ("hear" or "unsubscribe", _) when of is not null && (answer.IsConflict || answer.Outcome == Outcome.Info):
                held.Remove(of);
                break;
        }
    }

    private Request Subscribe()
    {
        var id = FormattableString.Invariant($"{options.KeyPrefix}s{options.FirstProcess + client}.{++made}");
        return dice.Below(3) switch
        {
            0 => new Request("subscribe", Pattern(), id, "pattern", null),
            1 => new Request("subscribe", Topic(dice.NextKey()), id, "topic", FormattableString.Invariant($"g{dice.Below(Groups)}")),
            _ => new Request("subscribe", Topic(dice.NextKey()), id, "topic", null),
        };
    }

    private Request Hear(Held one)
    {
        if (one.AsksLeft is { } left)
        {
            one.AsksLeft = left - 1;
            held.RemoveAll(other => other.AsksLeft == 0);
        }

        return one.Request("hear", FormattableString.Invariant($"{one.After}"));
    }

    private string Pattern() => dice.Below(3) switch
    {
        0 => $"{options.KeyPrefix}topic*",
        1 => FormattableString.Invariant($"{options.KeyPrefix}topic[{dice.NextKey()}{dice.NextKey()}]"),
        _ => $"{options.KeyPrefix}t?pic1*",
    };

    private string Topic(int number) => FormattableString.Invariant($"{options.KeyPrefix}topic{number}");

    /// <summary>A subscription that this client has.</summary>
    private sealed class Held(string key, string id)
    {
        public string Id => id;

        /// <summary>Number of the newest message that the client has.</summary>
        public long After { get; set; }

        /// <summary>Of one that has ended: how often it is still asked for.</summary>
        public int? AsksLeft { get; set; }

        public Request Request(string op, params IReadOnlyList<string?> more) => new(op, key, [id, .. more]);
    }
}
