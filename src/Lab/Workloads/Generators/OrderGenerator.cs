using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Generators;

/// <summary>
/// Places orders over three participants, about half of them doomed at one of the three, and looks at orders that other clients have just placed. After the run every ledger is read, once
/// no order is under way any more; how many have ended is asked before and after.
/// </summary>
/// <param name="items">Items; as many customers, and half as many carriers.</param>
/// <param name="variants">Ways in which a mode can carry an order out; each order takes one of them.</param>
internal sealed class OrderGenerator(WorkloadOptions options, int client, int items, IReadOnlyList<string> variants) : IGenerator
{
    /// <summary>Each participant refuses so many of a hundred orders on purpose.</summary>
    private const int RefusedPercent = 15;

    /// <summary>More than any ledger opens with, for some of a hundred orders.</summary>
    private const int ExcessivePercent = 5;

    /// <summary>So many of a hundred orders are carried out slowly, so that faults meet some in the middle.</summary>
    private const int SlowPercent = 30;

    /// <summary>Most that is waited before each step of a slow one, in milliseconds.</summary>
    private const int MostPaceMs = 100;

    /// <summary>Sorts before every ledger: those are read in the order of their keys, and say how orders ended only when all have.</summary>
    private const string Ended = "ended:";

    /// <summary>Sorts after every ledger: they say how orders ended only if none did anything while they were read.</summary>
    private const string Unchanged = "unchanged:";

    private static readonly string[] Participants = ["stock", "payment", "shipping"];

    private readonly Dice dice = new(options, client, items);
    private int placed;

    public IEnumerable<string> Keys =>
    [
        Ended + options.KeyPrefix,
        .. Enumerable.Range(0, items).Select(number => Ledger("stock", Item(number))),
        .. Enumerable.Range(0, items).Select(number => Ledger("payment", Customer(number))),
        .. Enumerable.Range(0, Carriers).Select(number => Ledger("shipping", Carrier(number))),
        Unchanged + options.KeyPrefix,
    ];

    private int Carriers => Math.Max(1, items / 2);

    /// <summary>How the key of a ledger is made of its participant and its name.</summary>
    public static string Ledger(string participant, string name) => $"{participant}/{name}";

    /// <summary>What is to be read after the run.</summary>
    public static ClosingStep? Closing(string key) => new(new Request(key.StartsWith(Ended, StringComparison.Ordinal) || key.StartsWith(Unchanged, StringComparison.Ordinal) ? "ended" : "ledger", key));

    public Request Next()
    {
        if (dice.NextIsRead())
        {
            var other = dice.Below(options.Processes);
            return new Request("look", Order(other, Math.Max(1, placed + dice.Below(2))));
        }

        var fate = dice.NextPercent();
        var failAt = fate < RefusedPercent * Participants.Length ? Participants[fate / RefusedPercent] : "none";
        var quantity = fate >= 100 - ExcessivePercent ? 5_000_000 : 1 + dice.Below(5);
        return new Request(
            "place",
            Order(client, ++placed),
            variants[dice.Below(variants.Count)],
            Item(dice.NextKey()),
            FormattableString.Invariant($"{quantity}"),
            Customer(dice.NextKey()),
            FormattableString.Invariant($"{1 + dice.Below(500)}"),
            Carrier(dice.Below(Carriers)),
            failAt,
            dice.NextPercent() < SlowPercent ? FormattableString.Invariant($"{1 + dice.Below(MostPaceMs)}ms") : "0ms");
    }

    public void Saw(Request request, in StoreAnswer answer)
    {
        // What comes next does not depend on what was seen.
    }

    private string Order(int of, int number) => FormattableString.Invariant($"{options.KeyPrefix}o{options.FirstProcess + of}.{number}");

    private string Item(int number) => FormattableString.Invariant($"{options.KeyPrefix}i{number}");

    private string Customer(int number) => FormattableString.Invariant($"{options.KeyPrefix}c{number}");

    private string Carrier(int number) => FormattableString.Invariant($"{options.KeyPrefix}p{number}");
}
