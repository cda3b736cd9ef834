using System.Globalization;

namespace Cluster.Lab.Checkers.Federation;

/// <summary>The rules that hold for one key.</summary>
/// <param name="events">What was answered, by the time at which it was asked.</param>
internal sealed class KeyRules(string key, IReadOnlyList<KeyEvent> events, HomeChain chain, TwoHomes homes, Evidence evidence, FederationCount count)
{
    private readonly List<KeyEvent> writes = [.. events.Where(one => one.IsWrite)];

    /// <summary>Why the key's last readings prove nothing; null if they do.</summary>
    public string? Doubt { get; private set; }

    public void Check()
    {
        count.Keys++;
        count.Acknowledged += writes.Count;
        count.Unreplicated += writes.Count(write => chain.IsUnreplicated(write.Version));
        OneValueEach();
        InRealTime();
        LaterHomesPrevail();
        CopiesAreAsFreshAsTheySay();
        AllAgree();
    }

    /// <summary>A version is one write, and whoever reads it sees that write's value.</summary>
    private void OneValueEach()
    {
        foreach (var version in events.GroupBy(one => one.Version))
        {
            var values = version.Select(one => one.Value).Distinct(StringComparer.Ordinal).ToList();
            if (values.Count > 1 || version.Count(one => one.IsWrite) > 1)
            {
                evidence.Add($"{key}: version {version.Key} is not one write: {string.Join("; ", version.Take(3).Select(one => one.Operation))}");
            }
        }
    }

    /// <summary>No operation at home sees less than what had been acknowledged when it began.</summary>
    private void InRealTime()
    {
        var atHome = events.Where(one => one.IsAtHome).ToList();
        var byReturn = atHome.OrderBy(one => one.Operation.Return).ToList();
        var done = 0;
        KeyEvent? newest = null; // Of what had been replicated, or still can be.
        foreach (var one in atHome)
        {
            for (; done < byReturn.Count && byReturn[done].Operation.Return < one.Operation.Call; done++)
            {
                var earlier = byReturn[done];
                if (!chain.IsUnreplicated(earlier.Version) && (newest is null || earlier.Version > newest.Version))
                {
                    newest = earlier;
                }
            }

            if (newest is not null && (one.IsWrite ? one.Version <= newest.Version : one.Version < newest.Version) && !IsOldHome(one, newest))
            {
                evidence.Add($"{key}: {one.Operation} came after {newest.Operation}, and has version {one.Version}, which is before {newest.Version}");
            }
        }
    }

    /// <summary>Whether it was answered by a home that could not have heard yet of the one that answered the other.</summary>
    private bool IsOldHome(KeyEvent one, KeyEvent newer)
    {
        if (one.Version.Epoch >= newer.Version.Epoch)
        {
            return false;
        }

        var since = chain.Changes.Where(change => change.Number == newer.Version.Epoch).Select(change => change.Since).DefaultIfEmpty(newer.Operation.Call).Min();
        return one.Operation.Call < homes.Until(since);
    }

    /// <summary>A write that is seen under another version than it was acknowledged with was taken up by a later home; it must not have taken the place of one of a later home.</summary>
    private void LaterHomesPrevail()
    {
        var acknowledged = writes.Where(write => write.Value is not null).GroupBy(write => write.Value!, StringComparer.Ordinal).ToDictionary(write => write.Key, write => write.First(), StringComparer.Ordinal);
        foreach (var seen in events.Where(one => !one.IsWrite && one.Value is not null).DistinctBy(one => (one.Value, one.Version)))
        {
            if (!acknowledged.TryGetValue(seen.Value!, out var write) || write.Version == seen.Version)
            {
                continue;
            }

            if (seen.Version < write.Version)
            {
                evidence.Add($"{key}: {seen.Operation} saw the value of {write.Operation} under a version before its own");
            }

            count.TakenUp++;
            var prevailed = writes.Find(other => other.Version.Epoch > write.Version.Epoch && other.Version < seen.Version && !chain.IsUnreplicated(other.Version));
            if (prevailed is not null)
            {
                evidence.Add($"{key}: {prevailed.Operation}, of a later home, lost against {write.Operation} of an earlier one, which is seen as {seen.Version} at {Instant.Of(seen.Operation.Return)}");
            }
        }
    }

    private void CopiesAreAsFreshAsTheySay()
    {
        foreach (var copy in events.Where(one => one.AgeMs is not null))
        {
            count.OldestCopyMs = Math.Max(count.OldestCopyMs, copy.AgeMs!.Value);
            var fresh = copy.Operation.Call - (long)(copy.AgeMs!.Value * 1e6);
            var missing = writes.Find(write => write.Operation.Return < fresh && write.Version > copy.Version && !chain.IsUnreplicated(write.Version));
            if (missing is not null)
            {
                evidence.Add(string.Create(CultureInfo.InvariantCulture, $"{key}: {copy.Operation} said that its copy was {copy.AgeMs:0} ms old, and it had not {missing.Operation}"));
            }
        }
    }

    /// <summary>In the end every node says the same, and no acknowledged write is newer than that.</summary>
    private void AllAgree()
    {
        var last = events.Where(one => one.Operation.IsRead).GroupBy(one => one.Operation.Node, StringComparer.Ordinal).Select(node => node.MaxBy(one => one.Operation.Call)!).OrderBy(one => one.Operation.Node, StringComparer.Ordinal).ToList();
        if (last.Count < 2)
        {
            Doubt = $"{key} was read at {last.Count} nodes in the end";
            return;
        }

        if (last.Select(one => (one.Version, one.Value)).Distinct().Count() > 1)
        {
            evidence.Add($"{key}: in the end {string.Join("; ", last.Select(one => $"{one.Operation.Node} has {one.Version}={one.Value}"))}");
        }
        else if (writes.MaxBy(write => write.Version) is { } newest && newest.Version > last[0].Version)
        {
            evidence.Add($"{key}: {newest.Operation} was acknowledged as {newest.Version}, and in the end {last[0].Version} stands there");
        }
    }
}
