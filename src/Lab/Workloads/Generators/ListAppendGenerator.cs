using Cluster.Lab.Checkers.Transactions;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Generators;

/// <summary>Transactions of one to four appends and reads of lists. A list retires after some appends, so that reads stay short.</summary>
internal sealed class ListAppendGenerator : IGenerator
{
    private const int MostSteps = 4;

    private readonly Dice dice;
    private readonly RotatingKeys rotation;
    private readonly string lists;

    public ListAppendGenerator(WorkloadOptions options, int client, int keys)
    {
        dice = new Dice(options, client, keys);
        rotation = new RotatingKeys(options, "x", keys);
        lists = options.KeyPrefix + "lists";
    }

    /// <summary>The lists in their name within the group and the group's before a slash, as <see cref="ReadAll"/> wants them.</summary>
    public IEnumerable<string> Keys => rotation.Used.Select(key => $"{lists}/{key}");

    /// <summary>The transaction that reads one list after the run.</summary>
    public static Request ReadAll(string key)
    {
        var slash = key.LastIndexOf('/');
        return new Request("txn", key[..slash], new MicroOperation(key[(slash + 1)..], null, null).ToJson());
    }

    public Request Next()
    {
        var steps = new string[1 + dice.Below(MostSteps)];
        for (var at = 0; at < steps.Length; at++)
        {
            steps[at] = (dice.NextIsRead() ? new MicroOperation(rotation.ForRead(dice), null, null) : new MicroOperation(rotation.ForWrite(dice), dice.NextValue(), null)).ToJson();
        }

        return new Request("txn", lists, steps);
    }

    public void Saw(Request request, in StoreAnswer answer)
    {
        // What comes next does not depend on what was seen.
    }
}
