using System.Text;
using Cluster.Engine.KeyValue;
using Cluster.Engine.Sharding;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Tests.KeyValue;

/// <summary>What single commands do, said plainly; the model test says the rest.</summary>
public class KeyValueCommandTests
{
    private readonly ReplicatedStore store = new();

    [Fact]
    public void Every_write_event_has_the_next_revision_and_its_key_keeps_it()
    {
        Assert.Equal(1UL, store.Run(KvCommands.Put(Bytes("a"), Bytes("1"))).Revision);
        Assert.Equal(2UL, store.Run(KvCommands.Put(Bytes("b"), Bytes("1"))).Revision);
        Assert.Equal(0UL, store.Run(KvCommands.Delete(Bytes("b"))).Revision);
        Assert.Equal(4UL, store.Run(KvCommands.Put(Bytes("b"), Bytes("1"))).Revision);
        Assert.Equal(1UL, store.Read(KvCommands.Get(Bytes("a"))).Revision);
    }

    [Fact]
    public void Pipelined_increments_each_see_the_one_before()
    {
        var replies = Enumerable.Range(0, 5).Select(_ => store.Decide(KvCommands.Increment(Bytes("n"), 10))).ToList();
        Assert.Equal([10, 20, 30, 40, 50], replies.Select(decision => KvReply.Parser.ParseFrom(decision.Reply).Number));
        Assert.Equal(KvStatus.NotFound, store.Read(KvCommands.Get(Bytes("n"))).Status);
        store.Apply();
        Assert.Equal("50", store.Read(KvCommands.Get(Bytes("n"))).Value.ToStringUtf8());
        store.AssertReplicasEqual(snapshots: true);
    }

    [Fact]
    public void Proposals_of_a_lost_leadership_leave_nothing_behind()
    {
        store.Run(KvCommands.Put(Bytes("n"), Bytes("1")));
        store.Decide(KvCommands.Increment(Bytes("n"), 1));
        store.Decide(KvCommands.Put(Bytes("m"), Bytes("1")), session: 5, sequence: 1);
        store.ChangeLeader(0);
        Assert.Equal(2, store.Run(KvCommands.Increment(Bytes("n"), 1)).Number);
        Assert.Equal(KvStatus.NotFound, store.Read(KvCommands.Get(Bytes("m"))).Status);
        Assert.Equal(ShardDecisionKind.Propose, store.Decide(KvCommands.Put(Bytes("m"), Bytes("1")), session: 5, sequence: 1).Kind);
    }

    [Theory]
    [InlineData("9223372036854775807", 1, KvStatus.Overflow)]
    [InlineData("-9223372036854775808", -1, KvStatus.Overflow)]
    [InlineData("9223372036854775806", 1, KvStatus.Ok)]
    [InlineData("one", 1, KvStatus.NotAnInteger)]
    [InlineData("", 1, KvStatus.NotAnInteger)]
    public void Increment_stays_within_64_bits(string value, long delta, KvStatus status)
    {
        store.Run(KvCommands.Put(Bytes("n"), Bytes(value)));
        Assert.Equal(status, store.Run(KvCommands.Increment(Bytes("n"), delta)).Status);
    }

    [Fact]
    public void Compare_and_set_by_revision_and_by_value()
    {
        var revision = store.Run(KvCommands.Put(Bytes("a"), Bytes("1"))).Revision;
        var failed = store.Run(KvCommands.Put(Bytes("a"), Bytes("2")).OnlyIfRevision(revision + 1).ReturningPrevious());
        Assert.Equal((KvStatus.ConditionFailed, revision, "1"), (failed.Status, failed.Revision, failed.Value.ToStringUtf8()));
        Assert.Equal(KvStatus.Ok, store.Run(KvCommands.Put(Bytes("a"), Bytes("2")).OnlyIfRevision(revision)).Status);
        Assert.Equal(KvStatus.ConditionFailed, store.Run(KvCommands.Delete(Bytes("a")).OnlyIfValue(Bytes("1"))).Status);
        Assert.Equal(KvStatus.Ok, store.Run(KvCommands.Delete(Bytes("a")).OnlyIfValue(Bytes("2"))).Status);
        Assert.Equal(KvStatus.Ok, store.Run(KvCommands.Put(Bytes("a"), Bytes("3")).OnlyIfRevision(0)).Status);
        Assert.Equal(KvStatus.ConditionFailed, store.Run(KvCommands.Put(Bytes("b"), Bytes("3")).OnlyIfValue(Bytes(""))).Status);
    }

    [Fact]
    public void An_append_logs_only_what_it_adds()
    {
        store.Run(KvCommands.Append(Bytes("a"), new byte[100_000]));
        store.Run(KvCommands.Append(Bytes("a"), Bytes("end")));
        Assert.InRange(store.Log[^1].Entry.Length, 1, 100);
        var reply = store.Read(KvCommands.Get(Bytes("a")));
        Assert.Equal(100_003, reply.Value.Length);
        Assert.EndsWith("end", reply.Value.ToStringUtf8(), StringComparison.Ordinal);
    }

    [Fact]
    public void Metadata_comes_without_the_value()
    {
        store.Run(KvCommands.Put(Bytes("a"), Bytes("12345")).ExpiringAfter(500));
        var reply = store.Read(KvCommands.GetMetadata(Bytes("a")));
        Assert.Equal((false, 5L, 1UL, store.Now + 500), (reply.HasValue, reply.Number, reply.Revision, reply.ExpiresAtMs));
    }

    [Fact]
    public void The_empty_value_and_the_empty_key_are_values_and_keys()
    {
        store.Run(KvCommands.Put(Bytes(""), Bytes("")));
        var reply = store.Read(KvCommands.Get(Bytes("")));
        Assert.Equal((KvStatus.Ok, true, 0), (reply.Status, reply.HasValue, reply.Value.Length));
    }

    [Fact]
    public void A_scan_pages_through_all_keys_with_a_prefix_once()
    {
        for (var i = 0; i < 250; i++)
        {
            store.Run(KvCommands.Put(Bytes($"a:{i:D3}"), Bytes("v")));
            store.Run(KvCommands.Put(Bytes($"b:{i:D3}"), Bytes("v")));
        }

        var seen = new List<string>();
        var page = store.Read(KvCommands.Scan(Bytes("b:"), default, 100, withValues: false));
        seen.AddRange(page.Entries.Select(entry => entry.Key.ToStringUtf8()));
        while (page.More)
        {
            page = store.Read(KvCommands.Scan(Bytes("b:"), page.ResumeAfter.Memory, 100, withValues: false));
            seen.AddRange(page.Entries.Select(entry => entry.Key.ToStringUtf8()));
        }

        Assert.Equal(Enumerable.Range(0, 250).Select(i => $"b:{i:D3}"), seen);
    }

    [Fact]
    public void A_scan_ends_before_its_reply_grows_past_its_bound()
    {
        for (var i = 0; i < 5; i++)
        {
            store.Run(KvCommands.Put(Bytes($"k{i}"), new byte[1_500_000]));
        }

        var page = store.Read(KvCommands.Scan(default, default, 0, withValues: true));
        Assert.Equal((2, true, "k1"), (page.Entries.Count, page.More, page.ResumeAfter.ToStringUtf8()));
        Assert.Equal(5, store.Read(KvCommands.Scan(default, default, 0, withValues: false)).Entries.Count);
    }

    [Fact]
    public void A_command_over_a_bound_is_refused_with_its_size_and_reaches_no_log()
    {
        Refused(KvCommands.Put(new byte[KvLimits.MaxKeyBytes + 1], Bytes("v")), KvStatus.TooLarge, "65537");
        Refused(KvCommands.Put(Bytes("k"), new byte[KvLimits.MaxValueBytes + 1]), KvStatus.TooLarge, "8388609");
        Refused(KvCommands.Put(Bytes("k"), Bytes("v")).ExpiringAfter(0), KvStatus.BadCommand, "invalid expire time 0");
        Refused(KvCommands.Put(Bytes("k"), Bytes("v")).ExpiringAfter(long.MaxValue), KvStatus.BadCommand, "invalid expire time");
        Refused(new KvCommand { Op = (KvOp)99 }, KvStatus.BadCommand, "operation 99");
        Refused(KvCommands.Put(Bytes("k"), Bytes("v")).OnlyIfAbsent().Also(command => command.Condition = (KvCondition)77), KvStatus.BadCommand, "77");
        Refused(KvCommands.Get(Bytes("k")).OnlyIfAbsent(), KvStatus.BadCommand, "no condition");
        Refused(new KvCommand { Op = KvOp.Expire, Key = ByteString.CopyFromUtf8("k") }, KvStatus.BadCommand, "needs a time");
        Assert.Empty(store.Log);
    }

    [Fact]
    public void A_value_grows_up_to_the_bound_and_not_past_it()
    {
        store.Run(KvCommands.Put(Bytes("k"), new byte[KvLimits.MaxValueBytes - 1]));
        Assert.Equal(KvStatus.Ok, store.Run(KvCommands.Append(Bytes("k"), Bytes("1"))).Status);
        var reply = store.Run(KvCommands.Append(Bytes("k"), Bytes("1")));
        Assert.Equal(KvStatus.TooLarge, reply.Status);
        Assert.Contains("8388609", reply.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_command_are_answered_as_a_bad_command()
    {
        var request = new ShardRequest { Machine = KeyValueMachine.Id, Command = ByteString.CopyFrom(0xFF, 0xFF, 0xFF) };
        var decided = store.Leader.Decide(request, store.Now);
        Assert.Equal((ShardDecisionKind.Answer, false), (decided.Kind, decided.NeedsBarrier));
        Assert.Equal(KvStatus.BadCommand, KvReply.Parser.ParseFrom(decided.Reply).Status);
        Assert.Equal(KvStatus.BadCommand, KvReply.Parser.ParseFrom(store.Leader.Query(request, store.Now).Reply).Status);
    }

    [Fact]
    public void A_write_asked_as_a_read_goes_to_a_decision_and_is_refused_when_stale()
    {
        var request = new ShardRequest { Machine = KeyValueMachine.Id, Command = KvCommands.Delete(Bytes("k")).ToByteString(), IsRead = true };
        Assert.True(store.Leader.Query(request, store.Now).NeedsDecision);
        Assert.Equal(KvStatus.BadCommand, store.ReadStale(KvCommands.Delete(Bytes("k")), 1).Status);
    }

    private void Refused(KvCommand command, KvStatus status, string detail)
    {
        var reply = store.Run(command);
        Assert.Equal(status, reply.Status);
        Assert.Contains(detail, reply.Detail, StringComparison.Ordinal);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}

internal static class CommandChanges
{
    public static KvCommand Also(this KvCommand command, Action<KvCommand> change)
    {
        change(command);
        return command;
    }
}
