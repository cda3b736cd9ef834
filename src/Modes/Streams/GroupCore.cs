using System.Collections.Immutable;
using Cluster.Engine.Port;

namespace Cluster.Modes.Streams;

/// <summary>
/// A consumer group's coordinator, pure: who is a member, and which partitions are whose under which generation. Each change of members is a new generation with a whole new assignment
/// (eager), in which what need not move stays (sticky). Nobody waits for the old owner to stop: the partition itself refuses whoever commits under an older generation than has claimed it.
/// So deadlines by clocks are liveness only.
/// </summary>
internal sealed class GroupCore : IDecider<GroupState, GroupCommand, GroupEvent>
{
    /// <summary>Members of one group: each is written with every generation.</summary>
    public const int MaxMembers = 256;

    /// <summary>Partitions that one group shares out.</summary>
    public const int MaxPartitions = 64;

    /// <summary>A shorter session ends between two heartbeats.</summary>
    public static readonly TimeSpan ShortestSession = TimeSpan.FromMilliseconds(300);

    /// <summary>A dead member's partitions lie idle for as long.</summary>
    public static readonly TimeSpan LongestSession = TimeSpan.FromMinutes(1);

    public GroupState Empty { get; } = new(0, 0, ImmutableSortedDictionary.Create<string, GroupMember>(StringComparer.Ordinal));

    /// <summary>Groups of one mode, as its entity type.</summary>
    /// <param name="name">Begins with the mode's slug.</param>
    public static EntityType<GroupState, GroupCommand, GroupEvent> TypeOf(string name) =>
        new EntityType<GroupState, GroupCommand, GroupEvent>(name, new GroupCore(), 1, GroupJson.Default.GroupState)
            .Message("join", 1, GroupJson.Default.JoinGroup)
            .Message("beat", 1, GroupJson.Default.BeatGroup)
            .Message("leave", 1, GroupJson.Default.LeaveGroup)
            .Message("show", 1, GroupJson.Default.ShowGroup)
            .Message("rebalanced", 1, GroupJson.Default.Rebalanced)
            .Message("seen", 1, GroupJson.Default.MemberSeen)
            .Message("group", 1, GroupJson.Default.GroupState)
            .Message("share", 1, GroupJson.Default.GroupShare);

    public Decided<GroupEvent> Decide(GroupState state, GroupCommand command, EntityContext context)
    {
        var now = context.Now.ToUnixTimeMilliseconds();
        var members = Alive(state, now);
        return command switch
        {
            ShowGroup => Decided<GroupEvent>.Answer(state),
            JoinGroup join => WhyNot(join, members) is { } why ? Decided<GroupEvent>.Refuse(why) : Conclude(state, Joined(members, join, now), join.Partitions, join.Member),
            BeatGroup beat => Conclude(state, members.TryGetValue(beat.Member, out var known) ? members.SetItem(beat.Member, Seen(known, now)) : members, state.Partitions, beat.Member),
            LeaveGroup leave => Conclude(state, members.Remove(leave.Member), state.Partitions, leave.Member),
            _ => Decided<GroupEvent>.Refuse($"a group does not know {command.GetType().Name}"),
        };
    }

    public GroupState Apply(GroupState state, GroupEvent @event) => @event switch
    {
        Rebalanced rebalanced => new GroupState(rebalanced.Generation, rebalanced.Partitions, rebalanced.Members),
        MemberSeen seen => state with { Members = state.Members.SetItem(seen.Member, state.Members[seen.Member] with { DeadlineUnixMs = seen.DeadlineUnixMs }) },
        _ => throw new ArgumentException($"nothing is known of {@event.GetType().Name}", nameof(@event)),
    };

    /// <summary>
    /// Without those whose session is over. A deadline is never further away than a session: one that a clock ahead of this one has set counts anew from now.
    /// </summary>
    private static ImmutableSortedDictionary<string, GroupMember> Alive(GroupState state, long now)
    {
        var members = state.Members.ToBuilder();
        foreach (var (name, member) in state.Members)
        {
            if (member.DeadlineUnixMs <= now)
            {
                members.Remove(name);
            }
            else if (member.DeadlineUnixMs - now > member.SessionMs)
            {
                members[name] = member with { DeadlineUnixMs = now + member.SessionMs };
            }
        }

        return members.ToImmutable();
    }

    private static ImmutableSortedDictionary<string, GroupMember> Joined(ImmutableSortedDictionary<string, GroupMember> members, JoinGroup join, long now) => members.SetItem(
        join.Member,
        members.TryGetValue(join.Member, out var known) && known.SessionMs == join.SessionMs ? Seen(known, now) : new GroupMember(join.SessionMs, now + join.SessionMs, known?.Partitions ?? []));

    /// <summary>A sign of life is written down once a third of the session is over: not every one is an entry of the log.</summary>
    private static GroupMember Seen(GroupMember member, long now) =>
        (member.DeadlineUnixMs - now) * 3 <= member.SessionMs * 2 ? member with { DeadlineUnixMs = now + member.SessionMs } : member;

    /// <summary>Other members, or another number of partitions, are a new generation; else what is written is who was seen.</summary>
    private static Decided<GroupEvent> Conclude(GroupState state, ImmutableSortedDictionary<string, GroupMember> members, int partitions, string asker)
    {
        if (partitions == state.Partitions && members.Keys.SequenceEqual(state.Members.Keys))
        {
            var seen = members.Where(member => member.Value.DeadlineUnixMs != state.Members[member.Key].DeadlineUnixMs).Select(member => (GroupEvent)new MemberSeen(member.Key, member.Value.DeadlineUnixMs));
            return Decided<GroupEvent>.Accept([.. seen]).With(Share(state, asker));
        }

        var shares = StickyAssignment.Of(partitions, members.ToDictionary(member => member.Key, member => member.Value.Partitions));
        var next = members.ToImmutableSortedDictionary(member => member.Key, member => member.Value with { Partitions = shares[member.Key] }, StringComparer.Ordinal);
        return Decided<GroupEvent>.Accept(new Rebalanced(state.Generation + 1, partitions, next)).With(Share(new GroupState(state.Generation + 1, partitions, next), asker));
    }

    private static GroupShare Share(GroupState state, string member) => new(state.Generation, state.Members.ContainsKey(member), state.Members.GetValueOrDefault(member)?.Partitions ?? [], state.Members.Count);

    /// <summary>The doors have checked it; a log must not depend on that.</summary>
    private static string? WhyNot(JoinGroup join, ImmutableSortedDictionary<string, GroupMember> members) =>
        join.SessionMs < ShortestSession.TotalMilliseconds || join.SessionMs > LongestSession.TotalMilliseconds ? $"a session is from {ShortestSession.TotalMilliseconds} ms to {LongestSession.TotalMilliseconds} ms, not {join.SessionMs} ms"
        : join.Partitions is < 1 or > MaxPartitions ? $"a group shares out 1 to {MaxPartitions} partitions, not {join.Partitions}"
        : members.Count >= MaxMembers && !members.ContainsKey(join.Member) ? $"the group has {MaxMembers} members, the most it may"
        : null;
}
