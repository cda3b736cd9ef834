using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Generators;

/// <summary>Takes tickets, and asks now and then who leads.</summary>
internal sealed class TicketGenerator(WorkloadOptions options, int client) : IGenerator
{
    /// <summary>Of operations, how many only ask.</summary>
    private const int AskPercent = 20;

    private readonly Dice dice = new(options, client, keys: 1);
    private readonly string key = $"{options.KeyPrefix}tickets";

    public IEnumerable<string> Keys => [key];

    public Request Next() => new(dice.NextPercent() < AskPercent ? "who" : "take", key);

    public void Saw(Request request, in StoreAnswer answer)
    {
        // What it does next depends on nothing that it saw.
    }
}
