using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Recipes;
using Cluster.Lab.Workloads.Sessions;
using Cluster.Shared.Wire;

namespace Cluster.Lab.Workloads.Generators;

/// <summary>Sends records, and polls each partition from where this client has come; now and then it goes back, as a consumer does that had not committed its offset.</summary>
internal sealed class LogGenerator(WorkloadOptions options, int client, int partitions) : IGenerator
{
    /// <summary>Of polls, how many begin anew somewhere before.</summary>
    private const int GoBackPercent = 10;

    private readonly Dice dice = new(options, client, partitions);
    private readonly Dictionary<string, long> positions = [];

    public IEnumerable<string> Keys => Enumerable.Range(0, partitions).Select(Name);

    /// <summary>The poll after one that saw these records; null when it saw none, which is the end.</summary>
    public static Request? After(string partition, string? polled) => NextOffset(polled) is { } offset ? Poll(partition, offset) : null;

    public static Request Poll(string partition, long offset) => new("poll", partition, FormattableString.Invariant($"{offset}"));

    public Request Next()
    {
        if (!dice.NextIsRead())
        {
            return new Request("send", Name(dice.NextKey()), dice.NextValue());
        }

        var partition = Name(dice.NextKey());
        var position = positions.GetValueOrDefault(partition);
        var poll = Poll(partition, dice.NextPercent() < GoBackPercent ? dice.Below((int)Math.Min(position, int.MaxValue - 1) + 1) : position);

        // The history tells which polls may lag: what one of the others does not find is lost.
        return options.Consistency == ReadConsistency.Stale ? poll with { Input = [.. poll.Input, PartitionedLogRecipe.Replica] } : poll;
    }

    public void Saw(Request request, in StoreAnswer answer)
    {
        if (request.Op == "poll" && answer.Outcome == Outcome.Ok && NextOffset(answer.Output) is { } next)
        {
            positions[request.Key] = Math.Max(next, positions.GetValueOrDefault(request.Key));
        }
    }

    private static long? NextOffset(string? polled) => LogRecords.Last(polled) + 1;

    private string Name(int partition) => FormattableString.Invariant($"{options.KeyPrefix}log{partition}");
}
