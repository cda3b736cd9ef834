using System.Collections.Immutable;

namespace Cluster.Modes.Federated;

/// <content>The keys of a group: every change of one goes through here, so that its size is known, and no write of an earlier home goes before it is settled.</content>
public sealed partial class GroupCore
{
    /// <summary>A record that is newer than what stands there, or stands alone.</summary>
    private static GroupState PutNewer(GroupState state, StoredRecord record) =>
        state.Keys.TryGetValue(record.Key, out var present) && present.Version >= record.Version ? state : Put(state, record);

    private static GroupState Put(GroupState state, StoredRecord record)
    {
        var replaced = state.Keys.GetValueOrDefault(record.Key);
        var next = state with { Keys = state.Keys.SetItem(record.Key, record), Size = state.Size + GroupSize.InKeys(record) - GroupSize.InKeys(replaced) };
        if (replaced is not null && state.Tail.Contains(record.Key))
        {
            next = Unsettle(next with { Tail = state.Tail.Remove(record.Key) }, replaced, record);
        }

        return record.Value is null ? ForgetOldest(next) : next;
    }

    /// <summary>What a home took alone is kept until a later one has decided about it: that another record has come in its place says nothing of whether that home ever saw it.</summary>
    private static GroupState Unsettle(GroupState state, StoredRecord replaced, StoredRecord by) => by.Was == replaced.Version || IsSettled(state, replaced.Version)
        ? state
        : state with { Unsettled = state.Unsettled.Add(replaced), Size = state.Size + GroupSize.Of(replaced) };

    private static GroupState Without(GroupState state, IReadOnlyCollection<string> keys) => keys.Count == 0
        ? state
        : state with { Keys = state.Keys.RemoveRange(keys), Size = state.Size - keys.Sum(key => GroupSize.InKeys(state.Keys.GetValueOrDefault(key))) };

    /// <summary>
    /// Of keys that were taken away only the latest are remembered, and up to where there may be others: a cluster that has not heard of those yet is sent everything. Those of a tail are kept, being writes to be settled.
    /// </summary>
    private static GroupState ForgetOldest(GroupState state)
    {
        var removed = state.Keys.Values.Where(record => record.Value is null).ToList();
        var bytes = removed.Sum(GroupSize.InKeys);
        if (removed.Count <= MostRemoved && bytes <= GroupSize.MostForRemoved)
        {
            return state;
        }

        // A tenth more than needed, so that not every deletion from here on goes through all keys to forget one.
        var (left, leftBytes) = (removed.Count, bytes);
        var forgotten = new List<StoredRecord>();
        foreach (var record in removed.Where(record => !state.Tail.Contains(record.Key)).OrderBy(record => record.Version))
        {
            if (left <= MostRemoved - (MostRemoved / 10) && leftBytes <= GroupSize.MostForRemoved - (GroupSize.MostForRemoved / 10))
            {
                break;
            }

            forgotten.Add(record);
            (left, leftBytes) = (left - 1, leftBytes - GroupSize.InKeys(record));
        }

        return forgotten.Count == 0 ? state : Without(state, [.. forgotten.Select(record => record.Key)]) with
        {
            ForgottenUpTo = forgotten[^1].Version > state.ForgottenUpTo ? forgotten[^1].Version : state.ForgottenUpTo,
        };
    }

    private static ImmutableArray<StoredRecord> TailOf(GroupState state, int most) =>
        GroupSize.Page(state.Tail.Select(key => state.Keys[key]).Concat(state.Unsettled).OrderBy(record => record.Version), most);
}
