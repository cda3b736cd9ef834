using Cluster.Lab.Comparison;
using Cluster.Lab.Messages;

namespace Cluster.Lab.Tests.Comparison;

public class OperationMessagesTests
{
    [Fact]
    public void Beats_of_all_groups_at_once_serve_no_operation()
    {
        var beat = Enumerable.Range(1, 10).Select(shard => Message("Heartbeat", 100, shard));

        Assert.Empty(OperationMessages.Of(beat));
    }

    [Fact]
    public void A_round_that_confirms_a_read_counts_though_a_beat_was_just_before()
    {
        var confirmation = Message("Heartbeat", 101, shard: 4);
        var beat = Enumerable.Range(1, 10).Select(shard => Message("Heartbeat", 100, shard));

        Assert.Equal([confirmation], OperationMessages.Of([.. beat, confirmation]));
    }

    [Fact]
    public void Appends_of_many_groups_in_one_frame_all_count()
    {
        RecordedMessage[] appends = [.. Enumerable.Range(1, 10).Select(shard => Message("AppendEntries", 100, shard))];

        Assert.Equal(appends, OperationMessages.Of(appends));
    }

    [Fact]
    public void The_control_plane_and_membership_serve_no_operation() =>
        Assert.Empty(OperationMessages.Of([Message("AppendEntries", 1, shard: 0), Message("NodeHeartbeat", 1, shard: null), Message("NodeHeartbeatReply", 2, shard: null)]));

    private static RecordedMessage Message(string kind, long sentAt, int? shard) => new("n1", "n2", kind, (uint?)shard, 1, [], 20, sentAt, sentAt + 5, null, "");
}
