using Cluster.Engine.Remoting;
using Cluster.Engine.Remoting.Recording;
using Cluster.Shared.Http;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Tests.Remoting.Recording;

/// <summary>What records say of frames: right words for the cluster's own messages, some words for everything else.</summary>
public sealed class FrameDecoderTests
{
    private static readonly RaftMessage Append = new()
    {
        Group = 2,
        From = 1,
        To = 3,
        Term = 4,
        Append = new AppendEntries
        {
            PrevIndex = 10,
            Commit = 9,
            Entries =
            {
                new Entry { Index = 11, Term = 4, Data = Put("k1", "secret") },
                new Entry { Index = 12, Term = 4, Kind = EntryKind.Noop },
                new Entry { Index = 13, Term = 4, Data = new ShardEntry { Machine = 16, Event = new EntityEvents { Entity = "account-7" }.ToByteString() }.ToByteString() },
            },
        },
    };

    [Fact]
    public void An_append_tells_shard_term_range_and_keys_but_no_value()
    {
        var part = Assert.Single(Decode(Channel.Consensus, new ConsensusBatch { Messages = { Append } }));

        Assert.Equal(("AppendEntries", 2U, 4UL, 11UL, 13UL), (part.Kind, part.Shard, part.Term, part.First, part.Last));
        Assert.Equal(["k1", "account-7"], part.Keys);
        Assert.Equal("put k1, the new leader's first entry, entity account-7; after 10, commit 9", part.Text);
        Assert.Equal(Append.CalculateSize(), part.Bytes);
    }

    [Fact]
    public void Each_message_of_a_batch_is_a_part()
    {
        RaftMessage[] messages =
        [
            new() { Group = 1, Term = 3, Heartbeat = new Heartbeat { Commit = 8, Round = 5 } },
            new() { Group = 1, Term = 3, HeartbeatReply = new HeartbeatReply { Round = 5 } },
            new() { Group = 1, Term = 3, Vote = new RequestVote { PreVote = true, CampaignTerm = 4 } },
            new() { Group = 1, Term = 4, Vote = new RequestVote { CampaignTerm = 4 } },
            new() { Group = 1, Term = 4, VoteReply = new VoteReply { Granted = true, CampaignTerm = 4 } },
            new() { Group = 1, Term = 4, VoteReply = new VoteReply { PreVote = true, CampaignTerm = 4 } },
            new() { Group = 1, Term = 4, AppendReply = new AppendReply { Success = true, MatchIndex = 8 } },
            new() { Group = 1, Term = 4, Snapshot = new InstallSnapshot { LastIndex = 7 } },
            new() { Group = 1, Term = 4, TimeoutNow = new TimeoutNow() },
            new() { Group = 1, Term = 4, ReplicaQuery = new ReplicaQuery() },
            new() { Group = 1, Term = 4, ReplicaAnswer = new ReplicaAnswer { ConfigurationIndex = 2 } },
        ];
        var parts = Decode(Channel.Consensus, new ConsensusBatch { Messages = { messages } });
        Assert.Equal(
            ["Heartbeat", "HeartbeatReply", "PreVote", "RequestVote", "VoteReply", "PreVoteReply", "AppendReply", "InstallSnapshot", "TimeoutNow", "ReplicaQuery", "ReplicaAnswer"],
            parts.Select(part => part.Kind));
        Assert.Equal(8UL, parts[6].Last);
        Assert.StartsWith("grants", parts[4].Text, StringComparison.Ordinal);
        Assert.StartsWith("refuses", parts[5].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_names_its_keys_and_its_reply_can_be_joined_to_it()
    {
        var batch = new KvCommand { Op = KvOp.Batch, Operations = { new KvCommand { Op = KvOp.Get, Key = Text("a") }, new KvCommand { Op = KvOp.Put, Key = Text("b") } }, Guards = { new KvGuard { Key = Text("c") } } };
        var requests = Decode(Channel.Shard, new ShardRequestBatch
        {
            Requests =
            {
                new ShardRequest { Correlation = 5, Shard = 3, Machine = 1, IsRead = true, Command = new KvCommand { Op = KvOp.Get, Key = Text("k9") }.ToByteString() },
                new ShardRequest { Correlation = 6, Shard = 3, Machine = 1, Command = batch.ToByteString() },
                new ShardRequest { Correlation = 7, Shard = 3, Machine = 16, Command = new EntityCommand { Entity = "counter" }.ToByteString() },
            },
        });
        Assert.Equal(["Get k9, linearizable", "Batch of 2 on a, b, c", "a command to entity counter"], requests.Select(part => part.Text));
        Assert.Equal([["k9"], ["a", "b", "c"], ["counter"]], requests.Select(part => part.Keys!.ToArray()));
        var reply = Assert.Single(Decode(Channel.ShardReplies, new ShardReplyBatch { Replies = { new ShardReply { Correlation = 6 } } }));
        Assert.Equal(("Reply", 6UL, "done"), (reply.Kind, reply.Correlation, reply.Text));
    }

    [Fact]
    public void Every_other_channel_has_its_words()
    {
        Assert.Equal("NodeHeartbeat", Decode(Channel.Control, new ControlMessage { Heartbeat = new NodeHeartbeat { Sequence = 3, Leads = { new LedShard { Shard = 2 } } } })[0].Kind);
        Assert.Equal("JoinRequest", Decode(Channel.Control, new ControlMessage { JoinRequest = new JoinRequest() })[0].Kind);
        Assert.Equal("pinged to /user/a from /user/b", Decode(Channel.Actor, new ActorEnvelope { To = "/user/a", From = "/user/b", Type = "pinged" })[0].Text);
        Assert.Equal((2U, 40UL), (Decode(Channel.SnapshotChunks, new SnapshotChunk { Group = 2, LastIndex = 40 })[0].Shard!.Value, Decode(Channel.SnapshotReplies, new SnapshotChunkReply { LastIndex = 40 })[0].Last!.Value));
    }

    [Fact]
    public void A_frame_that_was_cut_off_is_told_as_far_as_it_goes()
    {
        var whole = new ConsensusBatch { Messages = { new RaftMessage { Group = 1, Term = 2, Append = new AppendEntries { PrevIndex = 1, Entries = { new Entry { Index = 2, Term = 2, Data = Put("k1", new string('x', 9000)) } } } } } }.ToByteArray();
        var part = Assert.Single(FrameDecoder.Decode(Channel.Consensus, whole.AsSpan(0, 500), whole.Length));
        Assert.Equal("AppendEntries", part.Kind);
        Assert.Equal(["k1"], part.Keys);
        Assert.EndsWith("(what follows was too long to be kept)", part.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_are_cut_and_counted()
    {
        var longKey = new string('k', 500);
        var message = new RaftMessage { Group = 1, Term = 1, Append = new AppendEntries() };
        for (ulong i = 1; i <= 50; i++)
        {
            message.Append.Entries.Add(new Entry { Index = i, Term = 1, Data = Put($"{i}\n{longKey}", "v") });
        }

        var part = Decode(Channel.Consensus, new ConsensusBatch { Messages = { message } })[0];
        Assert.Equal(PartLimits.MaxKeys, part.Keys!.Count);
        Assert.All(part.Keys, key => Assert.True(key.Length <= PartLimits.MaxKeyLength + 1 && !key.Contains('\n', StringComparison.Ordinal)));
        Assert.Equal((1UL, 50UL), (part.First, part.Last));
        Assert.Contains("and 42 more", part.Text, StringComparison.Ordinal);
        Assert.Equal(PartLimits.MaxParts, Decode(Channel.Consensus, new ConsensusBatch { Messages = { Enumerable.Repeat(Append, 200) } }).Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Foreign_bytes_are_told_as_such_and_nothing_throws(int seed)
    {
        var random = new Random(seed);
        var valid = new ConsensusBatch { Messages = { Append, Append } }.ToByteArray();
        for (var round = 0; round < 20_000; round++)
        {
            byte[] bytes;
            if (round % 2 == 0)
            {
                random.NextBytes(bytes = new byte[random.Next(200)]);
            }
            else
            {
                bytes = [.. valid[..random.Next(valid.Length)]];
                for (var flips = random.Next(5); flips > 0 && bytes.Length > 0; flips--)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }
            }

            foreach (var channel in Enum.GetValues<Channel>().Append((Channel)99))
            {
                var parts = FrameDecoder.Decode(channel, bytes, bytes.Length);
                Assert.InRange(parts.Count, 1, PartLimits.MaxParts);
                Assert.All(parts, part => Assert.NotEmpty(part.Kind));
            }
        }

        Assert.Equal("Unreadable", FrameDecoder.Decode(Channel.Consensus, "GET / HTTP/1.1"u8, 14)[0].Kind);
        Assert.Equal("Unreadable", FrameDecoder.Decode(Channel.Shard, [], 0)[0].Kind);
    }

    private static ByteString Text(string text) => ByteString.CopyFromUtf8(text);

    private static ByteString Put(string key, string value) => new ShardEntry
    {
        Machine = 1,
        Session = 77,
        Event = new KvEvents { FirstRevision = 5, Events = { new KvEvent { Key = Text(key), Value = Text(value) } } }.ToByteString(),
    }.ToByteString();

    private static IReadOnlyList<MessagePartView> Decode(Channel channel, IMessage message)
    {
        var bytes = message.ToByteArray();
        return FrameDecoder.Decode(channel, bytes, bytes.Length);
    }
}
