using Cluster.Engine.Port;

namespace Cluster.Modes.DistributedDatabase.Ranges;

/// <summary>
/// A range of keys: versions by timestamp, intents of transactions that have not ended, the records of those that are anchored here, and the index of its rows. Whatever is read or written here moves its clock,
/// and nothing commits at or below the clock, unless it had its intent here before: so what somebody has read at a timestamp stays so.
/// </summary>
/// <remarks>Pure. The wall clock of whoever decides is read for deadlines alone: a wrong one ends a transaction too early or too late, and neither loses nor shows anything.</remarks>
public sealed partial class RangeDecider : IDecider<RangeState, RangeCommand, RangeEvent>
{
    /// <summary>Versions of one key: a reader that is further behind begins again with a newer timestamp.</summary>
    public const int MaxVersions = 16;

    /// <summary>Characters of a key's older versions together; the older ones go.</summary>
    public const int MaxOldLength = 256 * 1024;

    /// <summary>Bytes of its JSON from which on a range takes nothing that makes it grow: a quarter is left for what ends transactions and for deletions.</summary>
    public const long MaxBytes = EntityLimits.MaxStateBytes / 4 * 3;

    /// <summary>Bytes of its JSON from which on it keeps one version of what is written, and no deletions: readers that are behind begin again.</summary>
    public const long CrowdedBytes = MaxBytes / 2;

    /// <summary>Rows that hold nothing but a deletion, for readers and writers that began before it; over it the older half goes, and the floor rises.</summary>
    public const int MaxDeleted = 1_000;

    /// <summary>Outcomes for clients that ask again; the oldest go. A client asks again within seconds.</summary>
    public const int MaxOutcomes = 500;

    /// <summary>Bytes of their JSON together; what one of them read may be long.</summary>
    public const long MaxOutcomeBytes = 1024 * 1024;

    /// <summary>Records of transactions that have not been tidied up; a new transaction over it is refused.</summary>
    public const int MaxRecords = 10_000;

    /// <summary>Longest value that the index holds, in characters; a longer one cannot be asked for either.</summary>
    public const int MaxIndexed = 256;

    /// <summary>A coordinator that was silent for so long may be dead: three of its beats, and a failover of a shard.</summary>
    public static readonly TimeSpan ExpiresAfter = TimeSpan.FromMilliseconds(1_500);

    /// <summary>Records and intents that are so old are somebody's to tidy up: longer than any client waits, so it does not meet a coordinator at work.</summary>
    public static readonly TimeSpan StalledAfter = TimeSpan.FromSeconds(8);

    public static EntityType<RangeState, RangeCommand, RangeEvent> Type { get; } =
        new EntityType<RangeState, RangeCommand, RangeEvent>("distributed-database-range", new RangeDecider(), 1, DatabaseJson.Default.RangeState)
            .Message("peek", 1, DatabaseJson.Default.Peek)
            .Message("execute", 1, DatabaseJson.Default.Execute)
            .Message("read-at", 1, DatabaseJson.Default.ReadAt)
            .Message("lay", 1, DatabaseJson.Default.Lay)
            .Message("refresh", 1, DatabaseJson.Default.Refresh)
            .Message("commit", 1, DatabaseJson.Default.Commit)
            .Message("push", 1, DatabaseJson.Default.Push)
            .Message("look", 1, DatabaseJson.Default.Look)
            .Message("abort", 1, DatabaseJson.Default.Abort)
            .Message("beat", 1, DatabaseJson.Default.Beat)
            .Message("resolve", 1, DatabaseJson.Default.Resolve)
            .Message("forget", 1, DatabaseJson.Default.Forget)
            .Message("refuse-request", 1, DatabaseJson.Default.RefuseRequest)
            .Message("find-stalled", 1, DatabaseJson.Default.FindStalled)
            .Message("list-records", 1, DatabaseJson.Default.ListRecords)
            .Message("inspect", 1, DatabaseJson.Default.Inspect)
            .Message("peeked", 1, DatabaseJson.Default.Peeked)
            .Message("executed", 1, DatabaseJson.Default.Executed)
            .Message("tick-needed", 1, DatabaseJson.Default.TickNeeded)
            .Message("read-done", 1, DatabaseJson.Default.ReadDone)
            .Message("blocked", 1, DatabaseJson.Default.Blocked)
            .Message("conflicted", 1, DatabaseJson.Default.Conflicted)
            .Message("laid", 1, DatabaseJson.Default.Laid)
            .Message("refreshed", 1, DatabaseJson.Default.Refreshed)
            .Message("standing", 1, DatabaseJson.Default.Standing)
            .Message("noted", 1, DatabaseJson.Default.Noted)
            .Message("stalled", 1, DatabaseJson.Default.Stalled)
            .Message("inspected", 1, DatabaseJson.Default.Inspected)
            .Message("fenced", 1, DatabaseJson.Default.Fenced)
            .Message("written", 1, DatabaseJson.Default.Written)
            .Message("intents-laid", 1, DatabaseJson.Default.IntentsLaid)
            .Message("committed", 1, DatabaseJson.Default.Committed)
            .Message("aborted", 1, DatabaseJson.Default.Aborted)
            .Message("record-changed", 1, DatabaseJson.Default.RecordChanged)
            .Message("resolved", 1, DatabaseJson.Default.Resolved)
            .Message("forgotten", 1, DatabaseJson.Default.Forgotten)
            .Message("request-refused", 1, DatabaseJson.Default.RequestRefused);

    public RangeState Empty { get; } = new(0, 0, 0, 0, 0, 0, [], [], [], [], []);

    public Decided<RangeEvent> Decide(RangeState state, RangeCommand command, EntityContext context)
    {
        var now = context.Now.ToUnixTimeMilliseconds();
        return command switch
        {
            Peek peek => Peek(state, peek),
            Execute execute => Execute(state, execute),
            ReadAt read => Read(state, read),
            Lay lay => Lay(state, lay, now),
            Refresh refresh => Refresh(state, refresh),
            Commit commit => Commit(state, commit),
            Push push => Push(state, push, now),
            Look look => Answer(look, StandingOf(state.Record(look.Transaction))),
            Abort abort => Abort(state, abort),
            Beat beat => Beat(state, beat, now),
            Resolve resolve => state.Intents.Exists(intent => intent.Transaction == resolve.Transaction)
                ? Happen(resolve, new Noted(), new Resolved(resolve.Transaction, resolve.At))
                : Answer(resolve, new Noted()),
            Forget forget => state.Record(forget.Transaction) is { Status: not TransactionStatus.Pending }
                ? Happen(forget, new Noted(), new Forgotten(forget.Transaction, forget.ByOwner))
                : Answer(forget, new Noted()),
            RefuseRequest refuse => Refuse(state, refuse),
            FindStalled find => FindStalled(state, find, context.EntityId, now),
            ListRecords list => Answer(list, new Stalled(Keyspace.NumberOf(context.EntityId), [.. state.Records.Take(list.Most)], [])),
            Inspect inspect => Answer(inspect, new Inspected(Keyspace.NumberOf(context.EntityId), state.Clock, state.Row(inspect.Key)?.Versions ?? [], state.Intent(inspect.Key), state.Rows.Count, state.Intents.Count, state.Records.Count)),
            _ => Decided<RangeEvent>.Refuse($"a range has no command {command.GetType().Name}"),
        };
    }

    private static Decided<RangeEvent> Answer(RangeCommand to, RangeReply reply) => Decided<RangeEvent>.Answer(reply with { Call = to.Call });

    private static Decided<RangeEvent> Happen(RangeCommand command, RangeReply reply, RangeEvent @event) => Decided<RangeEvent>.Accept(@event).With(reply with { Call = command.Call });

    private static Decided<RangeEvent> FindStalled(RangeState state, FindStalled find, string id, long now)
    {
        var before = now - (long)StalledAfter.TotalMilliseconds;
        return Answer(find, new Stalled(
            Keyspace.NumberOf(id),
            [.. state.Records.Where(record => record.DeadlineUnixMs < before).Take(find.Most)],
            [.. state.Intents.Where(intent => intent.AtUnixMs < before).DistinctBy(intent => intent.Transaction).Take(find.Most)]));
    }
}
