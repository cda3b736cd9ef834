using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Cluster.Engine.Port;

namespace Cluster.Modes.Streams;

/// <summary>What a consumer group's coordinator is asked.</summary>
internal abstract record GroupCommand;

/// <param name="Partitions">How many partitions the group shares out.</param>
internal sealed record JoinGroup(string Member, long SessionMs, int Partitions) : GroupCommand;

internal sealed record BeatGroup(string Member) : GroupCommand;

internal sealed record LeaveGroup(string Member) : GroupCommand;

internal sealed record ShowGroup : GroupCommand, IEntityQuery;

/// <summary>What happens to a group.</summary>
internal abstract record GroupEvent;

/// <summary>The members changed: everybody's share, under a new generation.</summary>
internal sealed record Rebalanced(long Generation, int Partitions, ImmutableSortedDictionary<string, GroupMember> Members) : GroupEvent;

internal sealed record MemberSeen(string Member, long DeadlineUnixMs) : GroupEvent;

/// <param name="DeadlineUnixMs">When it is taken for dead, by the clock of the leader that heard it last.</param>
internal sealed record GroupMember(long SessionMs, long DeadlineUnixMs, ImmutableArray<int> Partitions);

/// <summary>A group as its coordinator keeps it.</summary>
internal sealed record GroupState(long Generation, int Partitions, ImmutableSortedDictionary<string, GroupMember> Members);

/// <summary>A member's share, and how many share. No share where the group does not have the member.</summary>
internal sealed record GroupShare(long Generation, bool IsMember, ImmutableArray<int> Partitions, int Members);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(JoinGroup))]
[JsonSerializable(typeof(BeatGroup))]
[JsonSerializable(typeof(LeaveGroup))]
[JsonSerializable(typeof(ShowGroup))]
[JsonSerializable(typeof(Rebalanced))]
[JsonSerializable(typeof(MemberSeen))]
[JsonSerializable(typeof(GroupState))]
[JsonSerializable(typeof(GroupShare))]
internal sealed partial class GroupJson : JsonSerializerContext;
