using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Generators;

/// <summary>Publishes events on a few keys, some of which fail a few times and a few of which always do; sends again what was not answered; looks at effects, and sends a dead letter again now and then.</summary>
internal sealed class EventGenerator(WorkloadOptions options, int client, int keys) : IGenerator
{
    /// <summary>Of events, how many fail at the first two attempts.</summary>
    private const int FlakyPercent = 8;

    /// <summary>Of events, how many fail whenever they are handled: they end as dead letters.</summary>
    private const int PoisonPercent = 3;

    /// <summary>More attempts than any consumer makes.</summary>
    private const string Always = "1000";

    /// <summary>Of operations, how many send a dead letter again.</summary>
    private const int RedrivePercent = 2;

    private readonly Dice dice = new(options, client, keys);
    private Request? again;
    private bool isSubscribed;

    public IEnumerable<string> Keys => [Key("dead"), .. Enumerable.Range(0, keys).Select(number => Key(FormattableString.Invariant($"k{number}")))];

    /// <summary>What is to be read after the run, once nothing is under way.</summary>
    public static ClosingStep? Closing(string key) => new(new Request(key.EndsWith(":dead", StringComparison.Ordinal) ? "dead" : "handled", key));

    public Request Next()
    {
        if (!isSubscribed)
        {
            return new Request("subscribe", Key("bus"));
        }

        if (again is not null)
        {
            return again;
        }

        var kind = dice.NextPercent();
        if (kind < RedrivePercent)
        {
            return new Request("redrive", Key("dead"));
        }

        var key = Key(FormattableString.Invariant($"k{dice.NextKey()}"));
        if (dice.NextIsRead())
        {
            return new Request("effects", key);
        }

        var fate = dice.NextPercent();
        return new Request("publish", key, dice.NextValue(), fate < PoisonPercent ? Always : fate < PoisonPercent + FlakyPercent ? "2" : "0");
    }

    public void Saw(Request request, in StoreAnswer answer)
    {
        isSubscribed |= request.Op == "subscribe" && answer.Outcome == Outcome.Ok;
        if (request.Op == "publish")
        {
            again = answer.Outcome == Outcome.Ok || answer.IsConflict ? null : request;
        }
    }

    private string Key(string name) => $"{options.KeyPrefix}{name}";
}
