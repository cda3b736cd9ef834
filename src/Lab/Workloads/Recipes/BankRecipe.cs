using System.Globalization;
using System.Text.Json;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Sessions;
using Cluster.Shared.Wire;

namespace Cluster.Lab.Workloads.Recipes;

/// <summary>
/// A bank whose accounts are keys under one hash tag, <c>{bank}:account</c>: all of one shard, since a transaction of this store ends at a shard's border. An account that nobody has touched
/// has its opening balance, so nobody need open it. A transfer that would overdraw is refused.
/// </summary>
internal sealed class BankRecipe(IReadOnlyList<string> accounts, ReadConsistency consistency) : IRecipe
{
    public const long OpeningBalance = 100;

    public Task<StoreAnswer> ExecuteAsync(IClientSession session, Request request) => request switch
    {
        { Op: "read" } => ReadAsync(session, request.Key),
        { Op: "transfer", Input: [{ } from, { } to, { } amount] } => Optimistic.RunAsync(
            session, [Account(request.Key, from), Account(request.Key, to)], values => Transfer(request.Key, from, to, values, long.Parse(amount, CultureInfo.InvariantCulture))),
        _ => throw new ArgumentException($"no recipe for '{request.Op}'", nameof(request)),
    };

    private static StoreDecision Transfer(string bank, string from, string to, IReadOnlyList<string?> values, long amount)
    {
        var (debited, credited) = (Balance(values[0]) - amount, Balance(values[1]) + amount);
        return debited < 0 ? StoreDecision.Refuse : new StoreDecision([new StoreWrite(Account(bank, from), Text(debited)), new StoreWrite(Account(bank, to), Text(credited))]);
    }

    private async Task<StoreAnswer> ReadAsync(IClientSession session, string bank)
    {
        var read = await session.ReadManyAsync([.. accounts.Select(account => Account(bank, account))], consistency).ConfigureAwait(false);
        if (read.Outcome != Outcome.Ok)
        {
            return StoreAnswer.Fail;
        }

        var balances = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (account, value) in accounts.Zip(read.Values))
        {
            balances.Add(account, Balance(value));
        }

        return StoreAnswer.Ok(JsonSerializer.Serialize(balances, HistoryJson.Default.SortedDictionaryStringInt64));
    }

    private static long Balance(string? stored) => stored is null ? OpeningBalance : long.Parse(stored, CultureInfo.InvariantCulture);

    private static string Account(string bank, string account) => $"{{{bank}}}:{account}";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
