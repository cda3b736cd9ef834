using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Generators;

/// <summary>Puts unique values into keys that hold several, and takes or reads: a set, a list or a queue, by the words for the two.</summary>
internal sealed class GrowingGenerator(WorkloadOptions options, int client, GrowingGenerator.Words words, int keys) : IGenerator
{
    private readonly Dice dice = new(options, client, keys);
    private readonly RotatingKeys rotation = new(options, options.KeyPrefix + words.Name, keys);

    public IEnumerable<string> Keys => rotation.Used;

    public Request Next()
    {
        var percent = dice.NextPercent();
        return percent < (words.Balanced ? 50 : options.ReadPercent)
            ? new Request(words.Look, rotation.ForRead(dice))
            : new Request(words.Put, rotation.ForWrite(dice), dice.NextValue());
    }

    public void Saw(Request request, in StoreAnswer answer)
    {
        // What comes next does not depend on what was seen.
    }

    /// <param name="Name">Of the keys.</param>
    /// <param name="Balanced">As many are taken as are put, whatever the share of reads: else a queue would only grow, or always be empty.</param>
    internal sealed record Words(string Name, string Put, string Look, bool Balanced = false);
}
