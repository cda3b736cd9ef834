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
            Cursor = null,
            Doubtful = state.Doubtful.Clear(),
        };
    }
}
