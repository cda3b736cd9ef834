using System.Globalization;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Tests.Workloads;

/// <summary>A linearizable map with revisions and lives, in one piece of memory; or one with a flaw, which shows now and then.</summary>
internal sealed class FakeStore(TimeProvider time, Flaw flaw = Flaw.None, int seed = 1)
{
    /// <summary>Of what a flaw may spoil, how much it does.</summary>
    private const int SpoiledPercent = 10;

    private readonly Random random = new(seed);
    private readonly Dictionary<string, Entry> entries = [];
    private long revision;

    public Flaw Flaw => flaw;

    /// <summary>How often the flaw showed.</summary>
    public int Spoiled { get; private set; }

    /// <summary>What answers the operations of a mode; null where there is none.</summary>
    public Func<ModeCall, StoreAnswer>? Mode { get; init; }

    /// <summary>Nothing is answered before this instant.</summary>
    public long StalledUntil { get; set; }

    public string? Read(string key)
    {
        var entry = Live(key);
        return flaw == Flaw.StaleReads && entry is not null && Spoils() ? entry.Before : entry?.Value;
    }

    public IReadOnlyList<string?> ReadMany(IReadOnlyList<string> keys)
    {
        string?[] values = [.. keys.Select(Read)];
        if (flaw == Flaw.Reordered && values is [not null, not null, ..] && Spoils())
        {
            (values[0], values[1]) = (values[1], values[0]);
        }

        return values;
    }

    /// <summary>Grows with every change of the key; 0 where it is absent, also because its life is over.</summary>
    public long RevisionOf(string key) => Live(key)?.Revision ?? 0;

    public void Write(string key, string? value, TimeSpan? life = null)
    {
        if (flaw == Flaw.LostWrites && Spoils())
        {
            return;
        }

        if (flaw == Flaw.Reordered && value?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [.. var first, var one, var other] && Spoils())
        {
            value = string.Concat(first.Append(other).Append(one).Select(element => element + " "));
        }

        var before = Live(key)?.Value;
        entries[key] = new Entry(value, before, ++revision, life is { } span ? time.GetTimestamp() + span.Ticks : long.MaxValue);
    }

    public void Append(string key, string end)
    {
        for (var times = Times(); times > 0; times--)
        {
            Write(key, Live(key)?.Value + end);
        }
    }

    public long Increment(string key, long delta)
    {
        var sum = 0L;
        for (var times = Times(); times > 0; times--)
        {
            sum = long.Parse(Live(key)?.Value ?? "0", CultureInfo.InvariantCulture) + delta;
            Write(key, sum.ToString(CultureInfo.InvariantCulture));
        }

        return sum;
    }

    public bool CompareAndSet(string key, string? expected, string value)
    {
        var matches = Live(key)?.Value == expected;
        if (matches)
        {
            Write(key, value);
        }

        return matches;
    }

    /// <summary>Commits if the revisions still stand.</summary>
    public bool Commit(IReadOnlyList<(string Key, long Revision)> guards, IReadOnlyList<StoreWrite> writes)
    {
        if (guards.Any(guard => RevisionOf(guard.Key) != guard.Revision))
        {
            return false;
        }

        foreach (var write in writes)
        {
            Write(write.Key, write.Value, write.Life);
        }

        return true;
    }

    /// <summary>Once, or twice with that flaw.</summary>
    public int Times() => flaw == Flaw.AppliedTwice && Spoils() ? 2 : 1;

    private bool Spoils()
    {
        var spoils = random.Next(100) < SpoiledPercent;
        Spoiled += spoils ? 1 : 0;
        return spoils;
    }

    private Entry? Live(string key) => entries.TryGetValue(key, out var entry) && entry.Value is not null && time.GetTimestamp() < entry.Until ? entry : null;

    private sealed record Entry(string? Value, string? Before, long Revision, long Until);
}
