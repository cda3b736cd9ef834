using System.Collections.Immutable;
using Cluster.Engine.Port;

namespace Cluster.Modes.Federated;

/// <content>What a group's home does: takes writes, numbers them, and serves reads.</content>
public sealed partial class GroupCore
{
    /// <summary>A home that has less than the homes before it gave it would bring old values back: it waits until it has caught up.</summary>
    private static bool IsHome(GroupState state, string region, string here) =>
        Lineage.Current(state.Epochs, region) is var home && home.Home == here && state.Position >= home.At;

    private static bool IsServing(GroupState state, string region, string here, DateTimeOffset now) => IsHome(state, region, here) && (state.MovesTo is null || HasMovedTooLong(state, now));

    private static bool HasMovedTooLong(GroupState state, DateTimeOffset now) => now.ToUnixTimeMilliseconds() - state.MovesSinceMs > MovePatience.TotalMilliseconds;

    private static WriteVersion Next(GroupState state, HomeEpoch home) =>
        new(home.Number, home.Home, state.Position.Epoch == home.Number && state.Position.Home == home.Home ? state.Position.Number + 1 : 1);

    private static Decided<GroupEvent> Write(GroupState state, string region, GroupCommand command, string key, string? value, DateTimeOffset now)
    {
        var home = Lineage.Current(state.Epochs, region);
        if (!IsServing(state, region, command.Here, now))
        {
            return Decided<GroupEvent>.Answer(new NotHome(home, state.MovesTo));
        }

        var present = state.Keys.GetValueOrDefault(key);
        if (present is null && state.Keys.Count >= MostKeys)
        {
            return Decided<GroupEvent>.Refuse($"the group holds {MostKeys:N0} keys, its bound: take some away, or use another store for so many");
        }

        var record = new StoredRecord(key, value, Next(state, home), now.ToUnixTimeMilliseconds());
        ImmutableArray<GroupEvent> events = state.MovesTo is null ? [new KeyChanged(record)] : [new MoveGivenUp(), new KeyChanged(record)];
        return Decided<GroupEvent>.Accept(events).With(new KeyWritten(record.Version, Replaced: present?.Value is not null));
    }

    private static Decided<GroupEvent> Read(GroupState state, string region, ReadKey read)
    {
        if (!read.Anywhere && !IsHome(state, region, read.Here))
        {
            return Decided<GroupEvent>.Answer(new NotHome(Lineage.Current(state.Epochs, region), state.MovesTo));
        }

        var record = state.Keys.GetValueOrDefault(read.Key);
        return Decided<GroupEvent>.Answer(new KeyRead(record?.Value, record?.Version ?? WriteVersion.None));
    }

    private static Decided<GroupEvent> List(GroupState state, string region, ListKeys list)
    {
        if (!list.Anywhere && !IsHome(state, region, list.Here))
        {
            return Decided<GroupEvent>.Answer(new NotHome(Lineage.Current(state.Epochs, region), state.MovesTo));
        }

        return Decided<GroupEvent>.Answer(new KeysListed(
        [
            .. state.Keys.Values
                .Where(record => record.Value is not null && record.Key.StartsWith(list.Prefix, StringComparison.Ordinal) && string.CompareOrdinal(record.Key, list.After) > 0)
                .Take(list.Limit),
        ]));
    }

    /// <summary>A record that is newer than what stands there, or stands alone.</summary>
    private static GroupState PutNewer(GroupState state, StoredRecord record) =>
        state.Keys.TryGetValue(record.Key, out var present) && present.Version >= record.Version ? state : Put(state, record);

    /// <summary>What comes in the homes' order replaces what this cluster had written alone.</summary>
    private static GroupState Put(GroupState state, StoredRecord record)
    {
        var next = state with { Keys = state.Keys.SetItem(record.Key, record), Tail = state.Tail.Remove(record.Key) };
        return record.Value is null ? ForgetOldest(next) : next;
    }

    private static GroupState ForgetOldest(GroupState state)
    {
        var removed = state.Keys.Values.Count(record => record.Value is null);
        return removed <= MostRemoved ? state
            : state with { Keys = state.Keys.RemoveRange(state.Keys.Values.Where(record => record.Value is null && !state.Tail.Contains(record.Key)).OrderBy(record => record.Version).Take(removed - MostRemoved + (MostRemoved / 10)).Select(record => record.Key)) };
    }
}
