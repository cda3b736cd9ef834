namespace Cluster.Lab.Workloads.Generators;

/// <summary>
/// Keys that retire after so many writes, so that what stands in one stays short (as in Elle's list-append). Every client counts its own writes and goes on to the next generation of a
/// key after its share of them: no more than <see cref="WorkloadOptions.WritesPerKey"/> are made in all, the clients still meet, and nobody need ask another where they are.
/// </summary>
internal sealed class RotatingKeys
{
    /// <summary>Of reads, how many are of the generation before: those who write it more slowly are seen, too.</summary>
    private const int LookBackPercent = 25;

    private readonly string name;
    private readonly int share;
    private readonly int[] writes;

    /// <param name="name">Before the key's number.</param>
    public RotatingKeys(WorkloadOptions options, string name, int keys)
    {
        this.name = name;
        share = Math.Max(1, options.WritesPerKey / options.Processes);
        writes = new int[keys];
    }

    public IEnumerable<string> Used => writes.Index().SelectMany(key => Enumerable.Range(0, (key.Item / share) + 1).Select(generation => Name(key.Index, generation)));

    public string ForWrite(Dice dice)
    {
        var key = dice.NextKey();
        return Name(key, writes[key]++ / share);
    }

    public string ForRead(Dice dice)
    {
        var key = dice.NextKey();
        var generation = writes[key] / share;
        return Name(key, dice.NextPercent() < LookBackPercent ? Math.Max(0, generation - 1) : generation);
    }

    private string Name(int key, int generation) => FormattableString.Invariant($"{name}{key}-{generation}");
}
