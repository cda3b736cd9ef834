using System.Text.Json;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Federation;

/// <summary>What the history tells of the homes of one group: each epoch's beginning, as any cluster has told it, and since when it may have been in force.</summary>
internal sealed class HomeChain
{
    private readonly SortedDictionary<(long Number, string Home), (VersionToken At, long Since)> epochs = [];

    /// <summary>Epochs after the first.</summary>
    public IEnumerable<(long Number, string Home, VersionToken At, long Since)> Changes => epochs.Where(epoch => epoch.Key.Number > 1).Select(epoch => (epoch.Key.Number, epoch.Key.Home, epoch.Value.At, epoch.Value.Since));

    /// <param name="since">When whoever told it asked, or ordered it: it may be in force since then, or longer.</param>
    public void Note(long number, string home, VersionToken at, long since) =>
        epochs[(number, home)] = (at, epochs.TryGetValue((number, home), out var known) ? Math.Min(known.Since, since) : since);

    /// <summary>Whether the home after the one that took this write had not got it: it was not replicated when the home changed.</summary>
    public bool IsUnreplicated(VersionToken version)
    {
        foreach (var ((number, home), (at, _)) in epochs)
        {
            if (number > version.Epoch || (number == version.Epoch && string.CompareOrdinal(home, version.Home) > 0))
            {
                return version > at;
            }
        }

        return false;
    }

    /// <summary>All groups' chains, by their ids.</summary>
    public static Dictionary<string, HomeChain> AllOf(History history)
    {
        var chains = new Dictionary<string, HomeChain>(StringComparer.Ordinal);
        foreach (var told in history.Operations.Where(operation => operation is { Op: "regions" or "failover" or "home", Outcome: Outcome.Ok, Output: not null }))
        {
            using var json = JsonDocument.Parse(told.Output!);
            foreach (var group in json.RootElement.GetProperty("groups").EnumerateArray())
            {
                var id = group.GetProperty("group").GetString()!;
                if (!chains.TryGetValue(id, out var chain))
                {
                    chains.Add(id, chain = new HomeChain());
                }

                foreach (var epoch in group.GetProperty("epochs").EnumerateArray())
                {
                    if (VersionToken.TryParse(epoch.GetProperty("at").GetString(), out var at))
                    {
                        chain.Note(epoch.GetProperty("number").GetInt64(), epoch.GetProperty("home").GetString()!, at, told.Call);
                    }
                }
            }
        }

        return chains;
    }
}
