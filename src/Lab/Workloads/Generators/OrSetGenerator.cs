using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Generators;

/// <summary>Adds members to sets and takes them out again, of a few members that everybody uses: so additions and removals of one member meet.</summary>
internal sealed class OrSetGenerator(WorkloadOptions options, int client, int keys) : IGenerator
{
    /// <summary>Few enough that two clients often mean the same one.</summary>
    private const int Members = 6;

    /// <summary>Of changes, how many take out.</summary>
    private const int RemovePercent = 40;

    private readonly Dice dice = new(options, client, keys);
    private readonly RotatingKeys rotation = new(options, options.KeyPrefix + "or", keys);

    public IEnumerable<string> Keys => rotation.Used;

    public Request Next() => dice.NextIsRead()
        ? new Request("read", rotation.ForRead(dice))
        : new Request(dice.NextPercent() < RemovePercent ? "remove" : "add", rotation.ForWrite(dice), FormattableString.Invariant($"m{dice.Below(Members)}"));

    public void Saw(Request request, in StoreAnswer answer)
    {
        // What comes next does not depend on what was seen.
    }
}
