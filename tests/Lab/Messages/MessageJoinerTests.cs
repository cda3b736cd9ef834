using Cluster.Lab.Messages;
using Cluster.Shared.Http;

namespace Cluster.Lab.Tests.Messages;

/// <summary>Two ends of a frame's way become one arrow.</summary>
public class MessageJoinerTests
{
    private const long Beginning = 1_000_000;

    [Fact]
    public void A_sender_and_a_receiver_record_of_one_place_are_one_message_on_the_historys_clock()
    {
        var message = Assert.Single(MessageJoiner.Join([Received("n1", "n2", 7, 300), Sent("n1", "n2", 7, 100)], Beginning));

        Assert.Equal(("n1", "n2", 100L, 300L, null), (message.From, message.To, message.SentAt, message.ReceivedAt, message.DroppedBecause));
    }

    [Fact]
    public void The_two_directions_of_a_session_and_its_successors_are_told_apart()
    {
        var messages = MessageJoiner.Join(
            [Sent("n1", "n2", 0, 1), Sent("n2", "n1", 0, 2), Sent("n1", "n2", 0, 3, "later"), Received("n1", "n2", 0, 11), Received("n2", "n1", 0, 12), Received("n1", "n2", 0, 13, "later")], Beginning);

        Assert.Equal([(1L, (long?)11L), (2, 12), (3, 13)], messages.Select(message => (message.SentAt, message.ReceivedAt)));
    }

    [Fact]
    public void What_was_lost_says_why_and_what_nobody_recorded_is_left_open()
    {
        var messages = MessageJoiner.Join(
            [
                Sent("n1", "n2", null, 1) with { DroppedBecause = "lost by a link fault" },
                Sent("n1", "n2", 3, 2) with { DroppedBecause = "the connection was lost" }, Received("n1", "n2", 3, 12),
                Sent("n1", "n2", 4, 3), Received("n1", "n2", 4, 13) with { DroppedBecause = "the link is cut" },
                Sent("n1", "n2", 5, 4),
                Received("n1", "n2", 6, 15),
            ],
            Beginning);

        Assert.Equal(
            [(1L, (long?)null, "lost by a link fault"), (2, 12, null), (3, 13, "the link is cut"), (4, null, null), (15, 15, null)],
            messages.Select(message => (message.SentAt, message.ReceivedAt, message.DroppedBecause)));
        Assert.Contains("its sender's record is gone", messages[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_message_of_a_frame_is_one_of_its_own()
    {
        MessagePartView[] parts = [new("Heartbeat", "a", 5) { Shard = 1, Term = 3 }, new("AppendEntries", "put k", 9) { Shard = 2, First = 4, Last = 6, Keys = ["k"] }];
        var messages = MessageJoiner.Join([Sent("n1", "n2", 0, 1) with { Parts = parts }, Received("n1", "n2", 0, 2)], Beginning);
        Assert.Equal([(1U, "a"), (2U, "entries 4 to 6: put k")], messages.Select(message => (message.Shard!.Value, message.Text)));
        Assert.Equal(["k"], messages[1].Keys);
    }

    [Fact]
    public void A_reply_has_shard_and_keys_of_its_request_and_an_acknowledgement_those_of_its_entries()
    {
        var messages = MessageJoiner.Join(
            [
                Part("n1", "n2", 1, new("Request", "Put k", 1) { Correlation = 9, Shard = 4, Keys = ["k"] }),
                Part("n2", "n3", 2, new("AppendEntries", "", 1) { Shard = 4, First = 10, Last = 10, Keys = ["k"] }),
                Part("n2", "n3", 3, new("AppendEntries", "", 1) { Shard = 4, First = 11, Last = 12, Keys = ["l", "m"] }),
                Part("n2", "n3", 4, new("AppendEntries", "", 1) { Shard = 5, First = 10, Last = 10, Keys = ["other"] }),
                Part("n3", "n2", 5, new("AppendReply", "", 1) { Shard = 4, Last = 10 }),
                Part("n3", "n2", 6, new("AppendReply", "", 1) { Shard = 4, Last = 12 }),
                Part("n2", "n1", 7, new("Reply", "done", 1) { Correlation = 9 }),
                Part("n3", "n1", 8, new("Reply", "done", 1) { Correlation = 9 }),
            ],
            Beginning);

        Assert.Equal(["k", "k", "l m", "other", "k", "l m", "k", ""], messages.Select(message => string.Join(' ', message.Keys)));
        Assert.Equal(4U, messages[6].Shard);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_order_of_the_records_does_not_matter(int seed)
    {
        var random = new Random(seed);
        var records = Enumerable.Range(0, 500).SelectMany(i => new[] { Sent("n1", "n2", i, random.Next(50)) with { Sequence = (ulong)i }, Received("n1", "n2", i, random.Next(50, 100)) }).ToArray();
        var first = MessageJoiner.Join(records, Beginning);
        random.Shuffle(records);

        Assert.Equal(first.Select(message => message with { Keys = [] }).Select(message => message.ToString()), MessageJoiner.Join(records, Beginning).Select(message => (message with { Keys = [] }).ToString()));
        Assert.Equal(500, first.Count);
        Assert.All(first, message => Assert.NotNull(message.ReceivedAt));
    }

    [Fact]
    public void A_file_of_messages_comes_back_as_it_was_and_a_wrong_line_is_named()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("messages-").FullName, "messages.jsonl");
        RecordedMessage[] messages =
        [
            new("n1", "n2", "AppendEntries", 2, 7, ["k1", "<\"é\n"], 120, 5, 9, null, "put k1"),
            new("n2", "10.0.0.3:4053", "Heartbeat", null, null, [], 12, 6, null, "the link is cut", ""),
        ];
        MessagesFile.Write(path, messages);
        var back = MessagesFile.Read(path);
        Assert.Equal(messages.Select(message => message with { Keys = [] }).Select(message => message.ToString()), back.Select(message => (message with { Keys = [] }).ToString()));
        Assert.Equal(messages.SelectMany(message => message.Keys), back.SelectMany(message => message.Keys));
        Assert.Equal(2, File.ReadAllLines(path).Length);

        foreach (var wrong in new[] { "no json", "{}", "null", "[]", """{"from":"n1","to":"n2","kind":"Actor","keys":null,"bytes":1,"sentAt":1,"text":""}""" })
        {
            File.AppendAllText(path, wrong + "\n");
            Assert.Contains("line 3 is not a message", Assert.Throws<FormatException>(() => MessagesFile.Read(path)).Message, StringComparison.Ordinal);
            MessagesFile.Write(path, messages);
        }

        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    private static MessageRecordView Sent(string from, string to, long? number, long at, string session = "s") =>
        new((ulong)at, from, to, "Actor", "Interactive", 1, [new MessagePartView("Actor", "hello", 1)]) { SentAt = Beginning + at, Session = number is null ? null : session, Number = number };

    private static MessageRecordView Received(string from, string to, long number, long at, string session = "s") => Sent(from, to, number, at, session) with { SentAt = null, ReceivedAt = Beginning + at };

    private static MessageRecordView Part(string from, string to, long at, MessagePartView part) => Sent(from, to, at, at) with { Parts = [part] };
}
