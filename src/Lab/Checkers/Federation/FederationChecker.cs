using System.Globalization;
using System.Text;
using Cluster.Lab.Histories;
using Cluster.Shared.Slots;

namespace Cluster.Lab.Checkers.Federation;

/// <summary>
/// Federated clusters, judged by what clients saw. At each key's home, versions are one order that agrees with real time: a read or write sees no less than what was acknowledged before it began, unless that had not been
/// replicated when the home changed. What had been is never lost, and what had not goes without a trace nowhere. Of two homes' writes the later home's stays, whatever clocks say. A copy is no older than it says. In the end all copies agree. It counts what a failover
/// cost: writes that were not replicated (the recovery point), and the time until the region was served again.
/// </summary>
public sealed class FederationChecker : IChecker
{
    public string Name => "federation";

    public bool Understands(Operation operation) => operation.Op is "put" or "get" or "cas" or "delete" or "peek" or "read" or "regions" or "failover" or "home";

    public CheckResult Check(History history)
    {
        var evidence = new Evidence();
        var chains = HomeChain.AllOf(history);
        var homes = new TwoHomes(history);
        var count = new FederationCount();
        var alone = new Dictionary<string, HashSet<(string Key, long Epoch, string Home)>>(StringComparer.Ordinal);
        string? doubt = null;
        foreach (var key in history.Operations.Where(operation => operation.Op is not ("regions" or "failover" or "home")).GroupBy(operation => operation.Key).OrderBy(key => key.Key, StringComparer.Ordinal))
        {
            var events = key.Select(KeyEvent.Of).OfType<KeyEvent>().OrderBy(one => one.Operation.Call).ToList();
            var group = GroupOf(key.Key, chains);
            var chain = group is null ? new HomeChain() : chains[group];
            var rules = new KeyRules(key.Key, events, chain, homes, evidence, count);
            rules.Check();
            doubt ??= rules.Doubt;
            if (group is not null)
            {
                alone.TryAdd(group, []);
                alone[group].UnionWith(events.Where(one => one.IsWrite && chain.IsUnreplicated(one.Version)).Select(one => (key.Key, one.Version.Epoch, one.Version.Home)));
            }
        }

        var tails = new TailCounts(history);
        foreach (var (group, writes) in alone)
        {
            tails.Check(group, chains[group], writes, evidence);
        }

        count.Failovers = chains.Values.Sum(chain => chain.Changes.Count());
        return evidence.Conclude(Name, count.Words(RecoveryTimes.Of(history)), !evidence.IsEmpty, count.Keys == 0 ? "the history has no operations on keys" : doubt);
    }

    /// <summary>Null: nobody has told of its groups.</summary>
    private static string? GroupOf(string key, Dictionary<string, HomeChain> chains)
    {
        var region = key[..Math.Max(0, key.IndexOf(':', StringComparison.Ordinal))]; // A key of another's history may name no region: it has no homes then.
        var groups = chains.Keys.Count(id => id.StartsWith(region + "/", StringComparison.Ordinal));
        return groups == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{region}/{HashSlot.Of(Encoding.UTF8.GetBytes(key)) % groups}");
    }
}
