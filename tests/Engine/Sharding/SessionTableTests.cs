using Cluster.Engine.Sharding;
using Google.Protobuf;

namespace Cluster.Engine.Tests.Sharding;

public class SessionTableTests
{
    private static readonly SessionOptions Small = new() { MaxSessions = 3, MaxRepliesPerSession = 4, MaxReplyBytes = 8, MaxTotalReplyBytes = 40 };

    private ulong index;

    [Fact]
    public void A_remembered_request_gives_its_reply_back()
    {
        var table = new SessionTable(Small);
        Remember(table, 7, 1, reply: "one");
        Assert.Equal(SessionLookup.Done, table.Lookup(7, 1, out var reply, out _));
        Assert.Equal("one", reply!.ToStringUtf8());
        Assert.Equal(SessionLookup.NotSeen, table.Lookup(7, 2, out _, out _));
        Assert.Equal(SessionLookup.NotSeen, table.Lookup(8, 1, out _, out _));
    }

    [Fact]
    public void What_is_proposed_is_under_way_until_it_is_applied_or_dropped()
    {
        var table = new SessionTable(Small);
        table.Proposed(11, 7, 1);
        table.Proposed(12, 7, 2);
        Assert.Equal(SessionLookup.UnderWay, table.Lookup(7, 1, out _, out var at));
        Assert.Equal(11UL, at);
        table.Remember(11, 7, 1, 0, ByteString.Empty);
        Assert.Equal(SessionLookup.Done, table.Lookup(7, 1, out _, out _));
        table.DropProposed();
        Assert.Equal(SessionLookup.NotSeen, table.Lookup(7, 2, out _, out _));
    }

    [Fact]
    public void Acknowledged_replies_are_forgotten_and_their_repeats_refused()
    {
        var table = new SessionTable(Small);
        Remember(table, 7, 1);
        Remember(table, 7, 5);
        Remember(table, 7, 3);
        Remember(table, 7, 6, acknowledgedBelow: 4);
        Assert.Equal(SessionLookup.TooOld, table.Lookup(7, 1, out _, out _));
        Assert.Equal(SessionLookup.TooOld, table.Lookup(7, 3, out _, out _));
        Assert.Equal(SessionLookup.NotSeen, table.Lookup(7, 4, out _, out _));
        Assert.Equal(SessionLookup.Done, table.Lookup(7, 5, out _, out _));
    }

    [Fact]
    public void Past_the_bound_of_a_session_the_smallest_sequences_are_refused_not_repeated()
    {
        var table = new SessionTable(Small);
        for (var sequence = 1UL; sequence <= 6; sequence++)
        {
            Remember(table, 7, sequence);
        }

        Assert.Equal(SessionLookup.TooOld, table.Lookup(7, 2, out _, out _));
        Assert.Equal(SessionLookup.Done, table.Lookup(7, 3, out _, out _));
    }

    [Fact]
    public void The_session_that_wrote_longest_ago_is_forgotten_when_the_table_is_full()
    {
        var table = new SessionTable(Small);
        Remember(table, 1, 1);
        Remember(table, 2, 1);
        Remember(table, 3, 1);
        Remember(table, 1, 2);
        Remember(table, 4, 1);
        Assert.Equal(3, table.Count);
        Assert.Equal(SessionLookup.NotSeen, table.Lookup(2, 1, out _, out _));
        Assert.Equal(SessionLookup.Done, table.Lookup(1, 1, out _, out _));
    }

    [Fact]
    public void Too_many_bytes_of_replies_push_the_oldest_sessions_out()
    {
        var table = new SessionTable(Small with { MaxSessions = 100 });
        for (var session = 1UL; session <= 10; session++)
        {
            Remember(table, session, 1, reply: "12345678");
        }

        Assert.Equal(5, table.Count);
        Assert.Equal(SessionLookup.NotSeen, table.Lookup(5, 1, out _, out _));
        Assert.Equal(SessionLookup.Done, table.Lookup(6, 1, out _, out _));
    }

    [Fact]
    public void Of_a_reply_that_is_too_long_only_the_fact_is_kept()
    {
        var table = new SessionTable(Small);
        Remember(table, 7, 1, reply: "123456789");
        Remember(table, 7, 2, reply: "12345678");
        Assert.Equal(SessionLookup.DoneReplyDropped, table.Lookup(7, 1, out var reply, out _));
        Assert.Null(reply);
        Assert.Equal(SessionLookup.Done, table.Lookup(7, 2, out _, out _));
    }

    [Fact]
    public void A_second_application_of_one_request_is_refused_as_a_corrupt_log()
    {
        var table = new SessionTable(Small);
        Remember(table, 7, 1);
        Assert.Throws<InvalidDataException>(() => Remember(table, 7, 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_table_equals_a_plain_list_of_sessions_and_survives_snapshots_taken_on_the_way(int seed)
    {
        var random = new Random(seed);
        var options = new SessionOptions { MaxSessions = 20, MaxRepliesPerSession = 8, MaxReplyBytes = 6, MaxTotalReplyBytes = 250 };
        var table = new SessionTable(options);
        var twin = new List<TwinSession>();
        for (var step = 1; step <= 20_000; step++)
        {
            var session = (ulong)random.Next(1, 40);
            var known = twin.Find(item => item.Id == session);
            var sequence = (known?.Replies.Count > 0 ? known.Replies.Keys.Max() : 1) + (ulong)random.Next(3);
            var acknowledged = random.Next(3) == 0 ? sequence - (ulong)random.Next((int)Math.Min(sequence, 5)) : 0;
            Assert.Equal(Expected(known, sequence), table.Lookup(session, sequence, out _, out _));
            if (Expected(known, sequence) == SessionLookup.NotSeen)
            {
                var reply = new string('r', random.Next(9));
                table.Remember((ulong)step, session, sequence, acknowledged, ByteString.CopyFromUtf8(reply));
                RememberInTwin(twin, options, session, sequence, acknowledged, reply);
            }

            if (random.Next(500) == 0)
            {
                var copy = Copy(table, options);
                Assert.Equal(table.StateHash, copy.StateHash);
                Assert.Equal(table.StateBytes, copy.StateBytes);
                table = random.Next(2) == 0 ? copy : table;
            }

            Assert.Equal(twin.Count, table.Count);
        }
    }

    [Fact]
    public void A_snapshot_stays_what_it_was_while_the_table_goes_on()
    {
        var table = new SessionTable(new SessionOptions());
        for (var i = 1UL; i <= 50; i++)
        {
            Remember(table, i % 5, i, reply: "then");
        }

        var (snapshot, hash) = (table.TakeSnapshot(), table.StateHash);
        for (var i = 51UL; i <= 100; i++)
        {
            Remember(table, i % 5, i, acknowledgedBelow: 40, reply: "now");
        }

        var restored = new SessionTable(new SessionOptions());
        restored.Restore(Written(snapshot));
        Assert.Equal(hash, restored.StateHash);
        Assert.NotEqual(hash, table.StateHash);
        Assert.Equal(SessionLookup.Done, restored.Lookup(1, 1, out _, out _));
    }

    private static SessionLookup Expected(TwinSession? session, ulong sequence) =>
        session is null ? SessionLookup.NotSeen
        : sequence < session.Floor ? SessionLookup.TooOld
        : !session.Replies.TryGetValue(sequence, out var bytes) ? SessionLookup.NotSeen
        : bytes < 0 ? SessionLookup.DoneReplyDropped : SessionLookup.Done;

    /// <summary>The rules once more, on plain collections: sessions from the longest unused on.</summary>
    private static void RememberInTwin(List<TwinSession> twin, SessionOptions options, ulong id, ulong sequence, ulong acknowledged, string reply)
    {
        var session = twin.Find(item => item.Id == id) ?? new TwinSession(id);
        if (!twin.Remove(session) && twin.Count == options.MaxSessions)
        {
            twin.RemoveAt(0);
        }

        twin.Add(session);
        session.Floor = Math.Max(session.Floor, acknowledged);
        if (sequence >= session.Floor)
        {
            session.Replies[sequence] = reply.Length > options.MaxReplyBytes ? -1 : reply.Length;
        }

        while (session.Replies.Keys.Count(kept => kept >= session.Floor) > options.MaxRepliesPerSession)
        {
            session.Floor = session.Replies.Keys.Where(kept => kept >= session.Floor).Min() + 1;
        }

        foreach (var gone in session.Replies.Keys.Where(kept => kept < session.Floor).ToList())
        {
            session.Replies.Remove(gone);
        }

        while (twin.Count > 1 && twin.Sum(item => item.Replies.Values.Sum(bytes => Math.Max(bytes, 0))) > options.MaxTotalReplyBytes)
        {
            twin.RemoveAt(0);
        }
    }

    private void Remember(SessionTable table, ulong session, ulong sequence, ulong acknowledgedBelow = 0, string reply = "") =>
        table.Remember(++index, session, sequence, acknowledgedBelow, ByteString.CopyFromUtf8(reply));

    private static SessionTable Copy(SessionTable table, SessionOptions options)
    {
        var copy = new SessionTable(options);
        copy.Restore(Written(table.TakeSnapshot()));
        return copy;
    }

    private static MemoryStream Written(SessionTable.SessionTableSnapshot snapshot)
    {
        var stream = new MemoryStream();
        snapshot.WriteTo(stream);
        stream.Position = 0;
        return stream;
    }

    private sealed class TwinSession(ulong id)
    {
        public ulong Id { get; } = id;

        public ulong Floor { get; set; }

        /// <summary>Length of each kept reply, -1 for one too long.</summary>
        public Dictionary<ulong, int> Replies { get; } = [];
    }
}
