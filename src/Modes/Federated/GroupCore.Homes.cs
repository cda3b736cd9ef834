using System.Collections.Immutable;
using Cluster.Engine.Port;

namespace Cluster.Modes.Federated;

/// <content>Changes of home, and what becomes of writes that an earlier home took alone.</content>
public sealed partial class GroupCore
{
    private static bool IsNews(GroupState state, string region, ImmutableArray<HomeEpoch> epochs) =>
        !epochs.IsDefaultOrEmpty && epochs[^1].CompareTo(Lineage.Current(state.Epochs, region)) > 0;

    private static Decided<GroupEvent> Learn(GroupState state, string region, string group, ImmutableArray<HomeEpoch> epochs) => !IsNews(state, region, epochs)
        ? Decided<GroupEvent>.Answer(Standing(state, group))
        : Decided<GroupEvent>.Accept(new EpochsChanged(epochs)).With(Standing(Changed(state, epochs), group));

    private static Decided<GroupEvent> Take(GroupState state, string region, string group, string here)
    {
        var home = Lineage.Current(state.Epochs, region);
        if (home.Home == here)
        {
            return Decided<GroupEvent>.Answer(Standing(state, group));
        }

        var epochs = Lineage.With(state.Epochs, region, new HomeEpoch(home.Number + 1, here, state.Position));
        return Decided<GroupEvent>.Accept(new EpochsChanged(epochs)).With(Standing(Changed(state, epochs), group));
    }

    private static Decided<GroupEvent> Move(GroupState state, string region, EntityContext context, HandOver move)
    {
        if (!IsHome(state, region, move.Here))
        {
            return Decided<GroupEvent>.Answer(new NotHome(Lineage.Current(state.Epochs, region), state.MovesTo));
        }

        return move.To == move.Here || (state.MovesTo == move.To && !HasMovedTooLong(state, context.Now))
            ? Decided<GroupEvent>.Answer(Standing(state, context.EntityId))
            : Decided<GroupEvent>.Accept(new MoveBegun(move.To, context.Now.ToUnixTimeMilliseconds())).With(Standing(state with { MovesTo = move.To }, context.EntityId));
    }

    /// <summary>Whoever wrote after the new home's beginning wrote alone: its position goes back to there, and those writes are its tail until the home has settled them.</summary>
    private static GroupState Changed(GroupState state, ImmutableArray<HomeEpoch> epochs)
    {
        var at = epochs[^1].At;
        return state with
        {
            Epochs = epochs,
            Position = state.Position > at && epochs[^1].IsAfter(state.Position) ? at : state.Position,
            Tail = [.. state.Keys.Values.Where(record => Lineage.IsDivergent(epochs, record.Version)).Select(record => record.Key)],
            Acknowledged = state.Acknowledged.Clear(),
            MovesTo = null,
            Resync = null,
        };
    }

    /// <summary>
    /// The stated policy: a write that nobody has written after, under a later home, is taken up again with a version of this home; one that somebody has is lost, and kept among the lost. Both are acknowledged writes
    /// of a cluster that was lost, so neither is silently dropped, and no clock is asked.
    /// </summary>
    private static Decided<GroupEvent> Merge(GroupState state, string region, string group, MergeTail merge)
    {
        if (!IsHome(state, region, merge.Here))
        {
            return Decided<GroupEvent>.Answer(Standing(state, group));
        }

        var home = Lineage.Current(state.Epochs, region);
        var (recovered, lost) = (new List<StoredRecord>(), new List<LostWrite>());
        var until = state.Settled.ToBuilder();
        var version = Next(state, home);
        foreach (var record in merge.Records.OrderBy(record => record.Version))
        {
            if (!home.IsAfter(record.Version) || until.GetValueOrDefault(record.Version.Epoch, WriteVersion.None) >= record.Version)
            {
                continue;
            }

            until[record.Version.Epoch] = record.Version;
            var present = state.Keys.GetValueOrDefault(record.Key);
            if (present is null || (present.Version == record.Version && state.Tail.Contains(record.Key)) || (merge.ByWallClock ? record.WallMs > present.WallMs : record.Version > present.Version))
            {
                recovered.Add(record with { Version = version, Was = record.Version });
                version = version with { Number = version.Number + 1 };
            }
            else if (present.Version != record.Version)
            {
                lost.Add(new LostWrite(record.Key, record.Value, record.Version, present.Version));
            }
        }

        var settled = new TailSettled([.. recovered], [.. lost], [.. until.Values]);
        return until.Count == state.Settled.Count && recovered.Count + lost.Count == 0
            ? Decided<GroupEvent>.Answer(Standing(state, group))
            : Decided<GroupEvent>.Accept(settled).With(Standing(Settle(state, settled), group));
    }

    private static GroupState Settle(GroupState state, TailSettled settled)
    {
        var next = settled.Recovered.Aggregate(state, Put);
        ImmutableArray<LostWrite> lost = [.. state.Lost, .. settled.Lost];
        return next with
        {
            Position = settled.Recovered.IsEmpty ? state.Position : settled.Recovered[^1].Version,
            Settled = settled.Until.TakeLast(Lineage.Most).ToImmutableSortedDictionary(version => version.Epoch, version => version),
            Lost = lost.Length <= MostLost ? lost : lost[^MostLost..],
            LostTotal = state.LostTotal + settled.Lost.Length,
            Recovered = state.Recovered + settled.Recovered.Length,
        };
    }
}
