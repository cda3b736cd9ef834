using System.Collections.Immutable;
using Cluster.Engine.Port;

namespace Cluster.Modes.Federated;

/// <summary>
/// A group of a region's keys in one cluster, as an entity. Its home takes writes and numbers them; every other cluster follows that order; a change of home is an epoch, and a home that learns of a later one takes no
/// more. What an earlier home took alone is settled by the later one, by one rule: the write of the later epoch stays.
/// </summary>
public sealed partial class GroupCore : IDecider<GroupState, GroupCommand, GroupEvent>
{
    /// <summary>Keys of a group, those taken away included: the state is written anew for every snapshot.</summary>
    public const int MostKeys = 20_000;

    /// <summary>Keys taken away that are remembered, so that an old write of a cluster that was away does not bring them back. Past this the oldest are forgotten.</summary>
    public const int MostRemoved = 2_000;

    /// <summary>Lost writes that are kept with their values, if they fit one message; all are counted.</summary>
    public const int MostLost = 200;

    /// <summary>How long a planned move may keep writes waiting for the other cluster: past this the home goes on taking them, and whoever wanted the move asks again.</summary>
    public static readonly TimeSpan MovePatience = TimeSpan.FromSeconds(4);

    public static readonly EntityType<GroupState, GroupCommand, GroupEvent> Type =
        new EntityType<GroupState, GroupCommand, GroupEvent>("federated-group", new GroupCore(), 2, GroupEntityJson.Default.GroupState)
            .UpcastState(1, GroupEntityJson.Default.GroupState, FromVersion1)
            .Message("write", 1, GroupEntityJson.Default.WriteKey)
            .Message("compare", 1, GroupEntityJson.Default.CompareKey)
            .Message("read", 1, GroupEntityJson.Default.ReadKey)
            .Message("list", 1, GroupEntityJson.Default.ListKeys)
            .Message("read-standing", 1, GroupEntityJson.Default.ReadStanding)
            .Message("read-stream", 1, GroupEntityJson.Default.ReadAfter)
            .Message("read-tail", 1, GroupEntityJson.Default.ReadTail)
            .Message("read-conflicts", 1, GroupEntityJson.Default.ReadConflicts)
            .Message("replicate", 1, GroupEntityJson.Default.Replicate)
            .Message("acknowledge", 1, GroupEntityJson.Default.Acknowledge)
            .Message("learn-epochs", 1, GroupEntityJson.Default.LearnEpochs)
            .Message("merge-tail", 1, GroupEntityJson.Default.MergeTail)
            .Message("take-home", 1, GroupEntityJson.Default.TakeHome)
            .Message("hand-over", 1, GroupEntityJson.Default.HandOver)
            .Message("written", 1, GroupEntityJson.Default.KeyWritten)
            .Message("value", 1, GroupEntityJson.Default.KeyRead)
            .Message("listed", 1, GroupEntityJson.Default.KeysListed)
            .Message("not-home", 1, GroupEntityJson.Default.NotHome)
            .Message("full", 1, GroupEntityJson.Default.GroupFull)
            .Message("standing", 1, GroupEntityJson.Default.GroupStanding)
            .Message("stream", 1, GroupEntityJson.Default.StreamRead)
            .Message("tail", 1, GroupEntityJson.Default.TailRead)
            .Message("conflicts", 1, GroupEntityJson.Default.ConflictsRead)
            .Message("changed", 1, GroupEntityJson.Default.KeyChanged)
            .Message("followed", 1, GroupEntityJson.Default.RecordsFollowed)
            .Message("difference-found", 1, GroupEntityJson.Default.DifferenceFound)
            .Message("acknowledged", 1, GroupEntityJson.Default.PositionAcknowledged)
            .Message("epochs-changed", 1, GroupEntityJson.Default.EpochsChanged)
            .Message("move-begun", 1, GroupEntityJson.Default.MoveBegun)
            .Message("move-given-up", 1, GroupEntityJson.Default.MoveGivenUp)
            .Message("tail-settled", 1, GroupEntityJson.Default.TailSettled);

    public GroupState Empty { get; } = new(
        [],
        WriteVersion.None,
        ImmutableSortedDictionary.Create<string, StoredRecord>(StringComparer.Ordinal),
        ImmutableSortedSet.Create<string>(StringComparer.Ordinal),
        [],
        ImmutableSortedDictionary.Create<string, WriteVersion>(StringComparer.Ordinal),
        ImmutableSortedDictionary.Create<string, WriteVersion>(StringComparer.Ordinal),
        [],
        Cursor: null,
        ImmutableSortedSet.Create<string>(StringComparer.Ordinal),
        WriteVersion.None,
        Size: 0);

    public Decided<GroupEvent> Decide(GroupState state, GroupCommand command, EntityContext context)
    {
        var region = RegionMap.RegionOf(context.EntityId);
        return command switch
        {
            WriteKey write => Write(state, region, write, write.Key, write.Value, context.Now),
            CompareKey compare when IsServing(state, region, compare.Here, context.Now) && ValueOf(state, compare.Key) != compare.Expected =>
                Decided<GroupEvent>.Answer(new KeyWritten(state.Keys.GetValueOrDefault(compare.Key)?.Version ?? WriteVersion.None, Replaced: false, IsConflict: true)),
            CompareKey compare => Write(state, region, compare, compare.Key, compare.Value, context.Now),
            ReadKey read => Read(state, region, read),
            ListKeys list => List(state, region, list),
            ReadStanding => Decided<GroupEvent>.Answer(Standing(state, context.EntityId)),
            ReadAfter stream => Decided<GroupEvent>.Answer(Stream(state, region, stream)),
            ReadTail tail => Decided<GroupEvent>.Answer(new TailRead(TailOf(state, tail.Most))),
            ReadConflicts => Decided<GroupEvent>.Answer(new ConflictsRead(state.LostTotal, state.Lost)),
            Replicate part => Follow(state, region, context.EntityId, part),
            Acknowledge position => Acknowledged(state, region, context.EntityId, position),
            LearnEpochs learn => Learn(state, region, context.EntityId, learn.Epochs),
            MergeTail merge => Merge(state, region, context.EntityId, merge),
            TakeHome take => Take(state, region, context.EntityId, take.Here),
            HandOver move => Move(state, region, context, move),
            _ => Decided<GroupEvent>.Refuse($"a group has no command {command.GetType().Name}"),
        };
    }

    public GroupState Apply(GroupState state, GroupEvent @event) => @event switch
    {
        KeyChanged changed => Put(state, changed.Record) with { Position = changed.Record.Version },
        RecordsFollowed followed => Followed(state, followed),
        DifferenceFound => Doubted(state),
        PositionAcknowledged at => state with { Acknowledged = state.Acknowledged.SetItem(at.Cluster, at.Position) },
        EpochsChanged changed => Changed(state, changed.Epochs),
        MoveBegun move => state with { MovesTo = move.To, MovesSinceMs = move.SinceMs },
        MoveGivenUp => state with { MovesTo = null },
        TailSettled settled => Settle(state, settled),
        _ => throw new InvalidOperationException($"a group has no event {@event.GetType().Name}"),
    };

    private static GroupStanding Standing(GroupState state, string group) =>
        new(group, state.Epochs, state.Position, state.Keys.Count, state.Tail.Count + state.Unsettled.Length, state.MovesTo, state.Acknowledged, state.LostTotal, state.Recovered, state.Repairs, state.Cursor);

    /// <summary>It counted no bytes, knew no unsettled writes, and told apart how far tails were settled by the epoch's number alone. A stream that came in parts then begins anew.</summary>
    private static GroupState FromVersion1(GroupState old)
    {
        var state = old with
        {
            Unsettled = [],
            Settled = Latest(old.Settled.Values),
            Doubtful = ImmutableSortedSet.Create<string>(StringComparer.Ordinal),
            ForgottenUpTo = WriteVersion.None,
        };
        return state with { Size = GroupSize.Of(state) };
    }

    private static string? ValueOf(GroupState state, string key) => state.Keys.GetValueOrDefault(key)?.Value;
}
