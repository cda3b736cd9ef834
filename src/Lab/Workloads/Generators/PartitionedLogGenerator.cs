using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Recipes;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Generators;

/// <summary>Sends records as an idempotent producer, and polls each partition from where this client has come, at the leader or at any replica; now and then it goes back and reads again.</summary>
internal sealed class PartitionedLogGenerator(WorkloadOptions options, int client, int partitions) : IGenerator
{
    /// <summary>Of polls, how many begin anew somewhere before.</summary>
    private const int GoBackPercent = 10;

    /// <summary>Of polls, how many ask any replica.</summary>
    private const int ReplicaPercent = 40;

    private readonly Dice dice = new(options, client, partitions);
    private readonly ProducerNumbers producer = new(FormattableString.Invariant($"p{options.FirstProcess + client}"));
    private readonly Dictionary<string, long> positions = new(StringComparer.Ordinal);

    public IEnumerable<string> Keys => Enumerable.Range(0, partitions).Select(Name);

    public Request Next()
    {
        if (producer.Again is { } again)
        {
            return again;
        }

        var partition = Name(dice.NextKey());
        if (!dice.NextIsRead())
        {
            return producer.Next(partition);
        }

        var position = positions.GetValueOrDefault(partition);
        var poll = LogGenerator.Poll(partition, dice.NextPercent() < GoBackPercent ? dice.Below((int)Math.Min(position, int.MaxValue - 1) + 1) : position);
        return dice.NextPercent() < ReplicaPercent ? poll with { Input = [.. poll.Input, PartitionedLogRecipe.Replica] } : poll;
    }

    public void Saw(Request request, in StoreAnswer answer)
    {
        if (request.Op == "send")
        {
            producer.Saw(request, answer);
        }
        else if (answer.Outcome == Outcome.Ok && LogRecords.Last(answer.Output) is { } last)
        {
            positions[request.Key] = Math.Max(last + 1, positions.GetValueOrDefault(request.Key));
        }
    }

    private string Name(int partition) => FormattableString.Invariant($"{options.KeyPrefix}log{partition}");
}
