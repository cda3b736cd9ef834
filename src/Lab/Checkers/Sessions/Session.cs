using System.Collections.Immutable;
using System.Globalization;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Sessions;

/// <summary>What one client knows: for each key and each guarantee the newest version it must see, and why.</summary>
internal sealed class Session
{
    private readonly Dictionary<(string Key, SessionGuarantee Guarantee), (long Version, string Because)> floors = [];
    private ImmutableDictionary<string, long> wrote = ImmutableDictionary<string, long>.Empty;
    private ImmutableDictionary<string, long> read = ImmutableDictionary<string, long>.Empty;

    /// <summary>What a write of this client carries with it.</summary>
    public Knowledge KnowledgeOf() => new(wrote, read);

    public void Wrote(Operation write)
    {
        var version = long.Parse(write.Input[0]!, CultureInfo.InvariantCulture);
        wrote = wrote.SetItem(write.Key, version);
        Raise(write.Key, SessionGuarantee.ReadYourWrites, version, $"after it had written {version} itself by {Instant.Of(write.Return)}");
    }

    public void Read(Operation seen, Knowledge? carried)
    {
        if (seen.Output is not null)
        {
            var version = long.Parse(seen.Output, CultureInfo.InvariantCulture);
            read = read.SetItem(seen.Key, Math.Max(version, read.GetValueOrDefault(seen.Key, -1)));
            Raise(seen.Key, SessionGuarantee.MonotonicReads, version, $"after it had read {version} by {Instant.Of(seen.Return)}");
        }

        if (carried is null)
        {
            return;
        }

        foreach (var (key, version) in carried.Wrote)
        {
            Raise(key, SessionGuarantee.MonotonicWrites, version, $"after it had seen {seen.Key} = {seen.Output}, before which its writer wrote {key} = {version}");
        }

        foreach (var (key, version) in carried.Read)
        {
            Raise(key, SessionGuarantee.WritesFollowReads, version, $"after it had seen {seen.Key} = {seen.Output}, before which its writer had read {key} = {version}");
        }
    }

    public IEnumerable<(SessionGuarantee Guarantee, string Because)> FloorsOver(string key, long version)
    {
        foreach (var guarantee in Enum.GetValues<SessionGuarantee>())
        {
            if (floors.TryGetValue((key, guarantee), out var floor) && version < floor.Version)
            {
                yield return (guarantee, floor.Because);
            }
        }
    }

    private void Raise(string key, SessionGuarantee guarantee, long version, string because)
    {
        if (!floors.TryGetValue((key, guarantee), out var floor) || floor.Version < version)
        {
            floors[(key, guarantee)] = (version, because);
        }
    }
}
