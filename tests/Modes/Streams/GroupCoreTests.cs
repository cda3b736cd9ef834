using System.Text.Json;
using Cluster.Engine.Port;
using Cluster.Modes.Streams;

namespace Cluster.Modes.Tests.Streams;

/// <summary>A consumer group's coordinator: generations, shares, and sessions by a clock that may be wrong.</summary>
public class GroupCoreTests
{
    private readonly GroupCore core = new();
    private GroupState state = new GroupCore().Empty;
    private long nowMs = 1_000_000;

    [Fact]
    public void Each_change_of_members_is_a_new_generation_and_everybody_has_a_share()
    {
        var first = Join("a");
        var second = Join("b");

        Assert.Equal(1, first.Generation);
        Assert.Equal([0, 1, 2, 3], first.Partitions);
        Assert.Equal((2, 2), (second.Generation, second.Partitions.Length));
        Assert.Equal([0, 1, 2, 3], state.Members.Values.SelectMany(member => member.Partitions).Order());
    }

    [Fact]
    public void Whoever_joins_again_moves_nothing()
    {
        var first = Join("a");

        Assert.Equal(first.Generation, Join("a").Generation);
    }

    [Fact]
    public void A_member_that_shows_no_sign_for_a_session_is_given_up_when_another_one_does()
    {
        Join("a");
        Join("b");
        nowMs += 600;
        Do(new BeatGroup("b"));
        nowMs += 600;

        var left = Do(new BeatGroup("b"));
        Assert.Equal((3, 1), (left.Generation, left.Members));
        Assert.Equal([0, 1, 2, 3], left.Partitions);
        Assert.False(Do(new BeatGroup("a")).IsMember);
    }

    [Fact]
    public void Signs_of_life_are_written_down_only_now_and_then()
    {
        Join("a");
        nowMs += 100;
        Assert.Empty(core.Decide(state, new BeatGroup("a"), Context).Events);
        nowMs += 300;
        Assert.Single(core.Decide(state, new BeatGroup("a"), Context).Events);
    }

    [Fact]
    public void A_leaver_gives_its_share_back_at_once()
    {
        Join("a");
        Join("b");
        Do(new LeaveGroup("a"));

        Assert.Equal([0, 1, 2, 3], Do(new BeatGroup("b")).Partitions);
    }

    [Fact]
    public void A_clock_that_was_ahead_keeps_a_dead_member_for_no_longer_than_a_session()
    {
        nowMs += 3_600_000;
        Join("dead");
        nowMs -= 3_600_000;
        Join("b");
        nowMs += 700;
        Assert.Equal(2, Do(new BeatGroup("b")).Members);
        nowMs += 700;

        Assert.Equal(1, Do(new BeatGroup("b")).Members);
    }

    [Fact]
    public void What_is_out_of_bounds_is_refused()
    {
        Assert.NotNull(core.Decide(state, new JoinGroup("a", 1, 4), Context).Refusal);
        Assert.NotNull(core.Decide(state, new JoinGroup("a", 1_000, 0), Context).Refusal);
        Assert.NotNull(core.Decide(state, new JoinGroup("a", 1_000, GroupCore.MaxPartitions + 1), Context).Refusal);
    }

    private EntityContext Context => new("g", DateTimeOffset.FromUnixTimeMilliseconds(nowMs));

    private GroupShare Join(string member) => Do(new JoinGroup(member, 1_000, 4));

    private GroupShare Do(GroupCommand command)
    {
        var decided = core.Decide(state, command, Context);
        Assert.Null(decided.Refusal);
        state = decided.Events.Aggregate(state, core.Apply);
        state = JsonSerializer.Deserialize(JsonSerializer.Serialize(state, GroupJson.Default.GroupState), GroupJson.Default.GroupState)!;
        return (GroupShare)decided.Reply!;
    }
}
