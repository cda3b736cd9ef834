using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Generators;

/// <summary>
/// Registers that are read, written, compared-and-set and (where asked) deleted, and counters that are read and counted up; either kind may be left out. A compare-and-set expects what this
/// client last saw in the key, so that some succeed and some find another value.
/// </summary>
internal sealed class KeyValueGenerator(WorkloadOptions options, int client, int registers, int counters, int deletePercent) : IGenerator
{
    private readonly Dice dice = new(options, client, registers + counters);
    private readonly Dictionary<string, string?> seen = [];
    private readonly int readPercent = client < options.Readers ? 100 : options.ReadPercent;

    public IEnumerable<string> Keys => Enumerable.Range(0, registers).Select(options.RegisterKey).Concat(Enumerable.Range(0, counters).Select(options.CounterKey));

    public Request Next()
    {
        var (percent, number) = (dice.NextPercent(), dice.NextKey());
        if (number >= registers)
        {
            var counter = options.CounterKey(number - registers);
            return percent < readPercent ? new Request("read", counter) : new Request("incr", counter, "1");
        }

        var key = options.RegisterKey(number);
        if (percent < readPercent)
        {
            return new Request("read", key);
        }

        if (percent < readPercent + options.CasPercent && seen.GetValueOrDefault(key) is { } expected)
        {
            return new Request("cas", key, expected, dice.NextValue());
        }

        return percent >= 100 - deletePercent ? new Request("delete", key) : new Request("write", key, dice.NextValue());
    }

    public void Saw(Request request, in StoreAnswer answer)
    {
        if (answer.Outcome == Outcome.Ok)
        {
            seen[request.Key] = request.Op switch { "read" => answer.Output, "write" or "cas" => request.Input[^1], _ => null };
        }
        else if (answer.IsConflict)
        {
            seen.Remove(request.Key);
        }
    }
}
