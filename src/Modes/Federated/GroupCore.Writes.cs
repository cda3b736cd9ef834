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
        var record = new StoredRecord(key, value, Next(state, home), now.ToUnixTimeMilliseconds());
        if (value is not null && IsFull(state, present, record))
        {
            return Decided<GroupEvent>.Answer(new GroupFull(state.Keys.Count, state.Size));
        }

        ImmutableArray<GroupEvent> events = state.MovesTo is null ? [new KeyChanged(record)] : [new MoveGivenUp(), new KeyChanged(record)];
        return Decided<GroupEvent>.Accept(events).With(new KeyWritten(record.Version, Replaced: present?.Value is not null));
    }

    /// <summary>A deletion is taken always, being the way out, and so is a value that takes no more than what stood there.</summary>
    private static bool IsFull(GroupState state, StoredRecord? present, StoredRecord record)
    {
        var more = GroupSize.InKeys(record) - GroupSize.InKeys(present);
        return (present is null && state.Keys.Count >= MostKeys) || (more > 0 && state.Size + more > GroupSize.MostForWrites);
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

        var found = state.Keys.Values
            .Where(record => record.Value is not null && record.Key.StartsWith(list.Prefix, StringComparison.Ordinal) && string.CompareOrdinal(record.Key, list.After) > 0)
            .Take(list.Limit)
            .ToList();
        var page = GroupSize.Page(found, list.Limit);
        return Decided<GroupEvent>.Answer(new KeysListed(page, page.Length < found.Count));
    }
}
