using System.Globalization;
using System.Text.Json;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Transactions;

/// <summary>
/// Money moves between accounts and is neither made nor lost: whoever reads all accounts at once sees the same total, and no account below zero. transfer
/// [from, to, amount]; read -> {account: balance, ...}. The first read tells the total, unless it is given.
/// </summary>
public sealed class BankChecker(long? total = null) : IChecker
{
    public string Name => "bank";

    public bool Understands(Operation operation) => operation.Op is "read" or "transfer";

    public CheckResult Check(History history)
    {
        var evidence = new Evidence();
        decimal? expected = total;
        int reads = 0, wrong = 0;
        foreach (var read in history.Operations.Where(operation => operation is { IsRead: true, Outcome: Outcome.Ok }).OrderBy(read => read.Return))
        {
            if (Balances(read.Output) is not { } balances)
            {
                return new CheckResult(Name, Verdict.Unknown, $"these are no accounts: {read}", []);
            }

            reads++;
            var sum = balances.Sum(account => (decimal)account.Balance); // No sum of numbers of 64 bits overflows it.
            expected ??= sum;
            var overdrawn = balances.Find(account => account.Balance < 0);
            if (sum == expected && overdrawn.Account is null)
            {
                continue;
            }

            wrong++;
            evidence.Add($"process {read.Process} saw " + (sum != expected ? $"a total of {sum}, not {expected}," : $"{overdrawn.Account} at {overdrawn.Balance}") + $" at {Instant.Of(read.Return)}: {read.Output}");
        }

        var transfers = history.Operations.Count(operation => operation is { Op: "transfer", Outcome: Outcome.Ok });
        return evidence.Conclude(Name, $"{transfers} transfers, {reads} reads of all accounts, {wrong} of them wrong", wrong > 0, reads < 2 || transfers == 0 ? "too little happened to show anything" : null);
    }

    private static List<(string Account, long Balance)>? Balances(string? output)
    {
        try
        {
            using var document = JsonDocument.Parse(output ?? "null");
            return document.RootElement.ValueKind != JsonValueKind.Object ? null : [.. document.RootElement.EnumerateObject().Select(account => (account.Name, account.Value.ValueKind == JsonValueKind.String
                ? long.Parse(account.Value.GetString()!, CultureInfo.InvariantCulture)
                : account.Value.GetInt64()))];
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or OverflowException)
        {
            return null;
        }
    }
}
