using Cluster.Lab.Benchmarks.Requests;

namespace Cluster.Lab.Workloads.Generators;

/// <summary>One client's random choices, all from one seeded source: which key, whether to read, and values that nobody else writes.</summary>
internal sealed class Dice
{
    private readonly Random random;
    private readonly RandomNumbers forKeys;
    private readonly IKeyChooser chooser;
    private readonly string writer;
    private readonly int readPercent;
    private long values;

    /// <param name="client">From 0; with the first process number it makes the client's values its own.</param>
    public Dice(WorkloadOptions options, int client, int keys)
    {
        // Not by HashCode, which is another one in each process: the same seed is to choose the same operations.
        random = new Random(unchecked((options.Seed * 397) ^ client));
        forKeys = new RandomNumbers((ulong)random.NextInt64());
        chooser = options.Spread switch { KeySpread.Zipf => new ZipfKeys(keys), KeySpread.OneHot => new HotKey(keys), _ => new UniformKeys(keys) };
        writer = FormattableString.Invariant($"p{options.FirstProcess + client}-");
        readPercent = options.ReadPercent;
    }

    public int NextKey() => (int)chooser.Next(forKeys);

    /// <summary>From 0 to 99.</summary>
    public int NextPercent() => random.Next(100);

    public bool NextIsRead() => NextPercent() < readPercent;

    /// <summary>From 0, below the bound.</summary>
    public int Below(int bound) => random.Next(bound);

    /// <summary>A value that is written once in a run.</summary>
    public string NextValue() => FormattableString.Invariant($"{writer}{++values}");
}
