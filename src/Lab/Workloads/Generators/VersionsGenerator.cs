using System.Globalization;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Generators;

/// <summary>
/// Registers that each have one writer, who writes rising whole numbers, and that everybody reads: which of two values is newer is known without asking the store. A register of which a write has an
/// unknown outcome is not written again, since that write may still come; its owner goes on with its next one.
/// </summary>
internal sealed class VersionsGenerator : IGenerator
{
    /// <summary>Registers of one client: as many unknown outcomes as it survives as a writer.</summary>
    public const int KeysEach = 12;

    /// <summary>Of a hundred reads, how many look for the register after the newest known one, and how many look back.</summary>
    private const int AheadPercent = 15;
    private const int BackPercent = 15;

    private readonly WorkloadOptions options;
    private readonly int client;
    private readonly Dice dice;

    /// <summary>Of each client's registers, the highest number in which something was read.</summary>
    private readonly int[] known;

    private readonly HashSet<string> looked = new(StringComparer.Ordinal);
    private int own;
    private long version;

    public VersionsGenerator(WorkloadOptions options, int client)
    {
        (this.options, this.client) = (options, client);
        dice = new Dice(options, client, options.Processes);
        known = new int[options.Processes];
    }

    /// <summary>Also those that were only looked for: a checker asks of every key of the history what is there in the end.</summary>
    public IEnumerable<string> Keys => Enumerable.Range(0, Math.Min(own + 1, KeysEach)).Select(number => Key(client, number)).Union(looked, StringComparer.Ordinal);

    public Request Next() => own == KeysEach || client < options.Readers || dice.NextIsRead()
        ? new Request("read", NextRead())
        : new Request("write", Key(client, own), (++version).ToString(CultureInfo.InvariantCulture));

    public void Saw(Request request, in StoreAnswer answer)
    {
        if (request.Op == "write" && answer.Outcome == Outcome.Info)
        {
            own++;
        }
        else if (request.Op == "read" && answer is { Outcome: Outcome.Ok, Output: not null })
        {
            var (owner, number) = Parse(request.Key);
            known[owner] = Math.Max(known[owner], number);
        }
    }

    private string NextRead()
    {
        var (owner, percent) = (dice.NextKey(), dice.NextPercent());
        var newest = owner == client ? Math.Min(own, KeysEach - 1) : known[owner];
        var key = Key(owner, percent < AheadPercent ? Math.Min(newest + 1, KeysEach - 1) : percent < AheadPercent + BackPercent ? dice.Below(newest + 1) : newest);
        looked.Add(key);
        return key;
    }

    private string Key(int owner, int number) => string.Create(CultureInfo.InvariantCulture, $"{options.KeyPrefix}v{owner}.{number}");

    private (int Owner, int Number) Parse(string key)
    {
        var parts = key[(options.KeyPrefix.Length + 1)..].Split('.');
        return (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
    }
}
