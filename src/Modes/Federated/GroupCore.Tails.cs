using System.Collections.Immutable;
using Cluster.Engine.Port;

namespace Cluster.Modes.Federated;

/// <content>
/// What becomes of writes that an earlier home took alone. Each cluster hands in what it has of them in the order of their versions, the oldest first, and again until it hears that they are settled: so a home that has
/// settled one has settled all before it, and one version for each earlier home says how far that is.
/// </content>
public sealed partial class GroupCore
{
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
        var newest = merge.Records.GroupBy(record => record.Key, StringComparer.Ordinal).ToDictionary(key => key.Key, key => key.Max(record => record.Version), StringComparer.Ordinal);
        var (recovered, lost, until) = (new List<StoredRecord>(), new List<LostWrite>(), state.Settled.ToBuilder());
        var (version, size) = (Next(state, home), state.Size);
        foreach (var record in merge.Records.OrderBy(record => record.Version))
        {
            // What stands here as a write of an earlier home gets a version of this one however far others' tails were settled: without one, whoever follows would not be sent it.
            var present = state.Keys.GetValueOrDefault(record.Key);
            var isOwn = present?.Version == record.Version && state.Tail.Contains(record.Key);
            if (!home.IsAfter(record.Version) || (!isOwn && IsSettled(state, record.Version)))
            {
                continue;
            }

            if (newest[record.Key] > record.Version)
            {
                lost.Add(new LostWrite(record.Key, record.Value, record.Version, newest[record.Key]));
            }
            else if (present is null || isOwn || Prevails(record, present, merge.ByWallClock))
            {
                size += GroupSize.InKeys(record with { Version = version, Was = record.Version }) - GroupSize.InKeys(present);
                if (record.Value is not null && size > GroupSize.MostForTails)
                {
                    break; // It waits where it is, with all after it.
                }

                recovered.Add(record with { Version = version, Was = record.Version });
                version = version with { Number = version.Number + 1 };
            }
            else if (present.Version != record.Version && present.Was != record.Version)
            {
                lost.Add(new LostWrite(record.Key, record.Value, record.Version, present.Version));
            }

            until[BranchOf(record.Version)] = Later(until.GetValueOrDefault(BranchOf(record.Version), WriteVersion.None), record.Version);
        }

        var settled = new TailSettled([.. recovered], [.. lost], [.. until.Values]);
        return Settle(state, settled) is var next && next == state
            ? Decided<GroupEvent>.Answer(Standing(state, group))
            : Decided<GroupEvent>.Accept(settled).With(Standing(next, group));
    }

    /// <summary>What was itself taken up from a tail stands for the write that it was: nobody has written after it.</summary>
    private static bool Prevails(StoredRecord record, StoredRecord present, bool byWallClock) => byWallClock ? record.WallMs > present.WallMs : record.Version > (present.Was ?? present.Version);

    private static GroupState Settle(GroupState state, TailSettled settled)
    {
        var next = Settled(settled.Recovered.Aggregate(state, Put), settled.Until, keepsTail: true);
        if (!settled.Recovered.IsEmpty)
        {
            next = next with { Position = settled.Recovered[^1].Version, Recovered = state.Recovered + settled.Recovered.Length };
        }

        if (settled.Lost.IsEmpty)
        {
            return next;
        }

        var lost = GroupSize.Newest([.. state.Lost, .. settled.Lost], MostLost);
        return next with { Lost = lost, LostTotal = state.LostTotal + settled.Lost.Length, Size = next.Size + lost.Sum(GroupSize.Of) - state.Lost.Sum(GroupSize.Of) };
    }

    /// <param name="keepsTail">At the home: what stands there as a tail is taken up by it, and not before.</param>
    private static GroupState Settled(GroupState state, ImmutableArray<WriteVersion> until, bool keepsTail = false)
    {
        if (until.IsDefaultOrEmpty)
        {
            return state;
        }

        var known = state.Settled.ToBuilder();
        foreach (var version in until)
        {
            known[BranchOf(version)] = Later(known.GetValueOrDefault(BranchOf(version), WriteVersion.None), version);
        }

        var settled = known.Count <= Lineage.Most ? known.ToImmutable() : Latest(known.Values);
        var next = settled.SequenceEqual(state.Settled) ? state : state with { Settled = settled };
        var (tail, unsettled) = (state.Tail.Where(key => !keepsTail && IsSettled(next, state.Keys[key].Version)).ToList(), state.Unsettled.Where(record => !IsSettled(next, record.Version)).ToImmutableArray());
        return unsettled.Length == state.Unsettled.Length && tail.Count == 0 ? next : next with
        {
            Tail = state.Tail.Except(tail),
            Unsettled = unsettled,
            Size = state.Size + unsettled.Sum(GroupSize.Of) - state.Unsettled.Sum(GroupSize.Of),
        };
    }

    private static ImmutableSortedDictionary<string, WriteVersion> Latest(IEnumerable<WriteVersion> settled) =>
        settled.OrderDescending().Take(Lineage.Most).ToImmutableSortedDictionary(BranchOf, version => version, StringComparer.Ordinal);

    private static bool IsSettled(GroupState state, WriteVersion version) => state.Settled.TryGetValue(BranchOf(version), out var until) && until >= version;

    /// <summary>Under one number two clusters may have taken themselves for the home, each with a tail of its own.</summary>
    private static string BranchOf(WriteVersion version) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{version.Epoch}.{version.Home}");

    private static WriteVersion Later(WriteVersion one, WriteVersion other) => one > other ? one : other;
}
