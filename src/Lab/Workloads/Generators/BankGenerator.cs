using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Generators;

/// <summary>Moves small amounts between two accounts of one bank, and reads all accounts.</summary>
internal sealed class BankGenerator(WorkloadOptions options, int client, int accounts) : IGenerator
{
    /// <summary>A twentieth of what an account opens with: some transfers would overdraw, most do not.</summary>
    private const int MostMoved = 5;

    private readonly Dice dice = new(options, client, accounts);

    public IEnumerable<string> Keys => [Bank(options)];

    public static IReadOnlyList<string> Accounts(int count) => [.. Enumerable.Range(0, count).Select(Account)];

    public Request Next()
    {
        if (dice.NextIsRead())
        {
            return new Request("read", Bank(options));
        }

        var from = dice.NextKey();
        var to = (from + 1 + dice.Below(accounts - 1)) % accounts;
        return new Request("transfer", Bank(options), Account(from), Account(to), FormattableString.Invariant($"{1 + dice.Below(MostMoved)}"));
    }

    public void Saw(Request request, in StoreAnswer answer)
    {
        // What comes next does not depend on what was seen.
    }

    private static string Bank(WorkloadOptions options) => options.KeyPrefix + "bank";

    private static string Account(int number) => FormattableString.Invariant($"a{number}");
}
