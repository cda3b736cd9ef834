using Cluster.Engine.Remoting;
using Cluster.Engine.Remoting.Recording;
using Cluster.Engine.Simulation;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Tests.Remoting.Recording;

/// <summary>The ring of records: what it holds, in which order, and that it holds no more.</summary>
public sealed class MessageRecorderTests
{
    private readonly VirtualTime time = new();

    [Fact]
    public void Nothing_is_recorded_until_it_is_asked_for()
    {
        var recorder = New(new RecordingOptions());
        Assert.Null(recorder.TryTrace(Channel.Actor, Lane.Interactive, TestNode.Numbered(1), 1));
        recorder.Start();
        Assert.NotNull(recorder.TryTrace(Channel.Actor, Lane.Interactive, TestNode.Numbered(1), 1));
        recorder.Stop();
        Assert.Null(recorder.TryTrace(Channel.Actor, Lane.Interactive, TestNode.Numbered(1), 1));
        Assert.Empty(recorder.Read(0, 10));
    }

    [Fact]
    public void The_oldest_records_give_way_and_their_numbers_are_missing()
    {
        var recorder = New(new RecordingOptions { MaxRecords = 10 });
        recorder.Start();
        var first = recorder.State.First;
        Send(recorder, 25);

        var kept = recorder.Read(0, 100);

        Assert.Equal(Enumerable.Range(15, 10).Select(i => $"a message to {i}"), kept.Select(record => record.Parts[0].Text));
        Assert.Equal(Enumerable.Range(15, 10).Select(i => first + (ulong)i), kept.Select(record => record.Sequence));
        Assert.Equal((first + 15, first + 24), (recorder.State.First, recorder.State.Last));
    }

    [Fact]
    public void Large_payloads_take_no_more_than_the_bound_on_bytes_and_the_newest_is_always_kept()
    {
        var recorder = New(new RecordingOptions { MaxHeadBytes = 1000, MaxKeptBytes = 5000 });
        recorder.Start();
        Send(recorder, 20, payloadBytes: 100_000);
        Assert.Equal(5, recorder.Read(0, 100).Count);
        Assert.All(recorder.Read(0, 100), record => Assert.True(record.Bytes > 100_000, "the true length is told"));
    }

    [Fact]
    public void A_reader_goes_on_where_it_was_and_takes_no_more_than_it_asks_for()
    {
        var recorder = New(new RecordingOptions());
        recorder.Start();
        Send(recorder, 7);
        var one = recorder.Read(0, 4);
        var two = recorder.Read(one[^1].Sequence, 4);
        Assert.Equal([4, 3], [one.Count, two.Count]);
        Assert.Equal(one[^1].Sequence + 1, two[0].Sequence);
        Assert.Empty(recorder.Read(two[^1].Sequence, 4));
        Assert.Empty(recorder.Read(ulong.MaxValue, 4));
    }

    [Fact]
    public void The_next_life_of_a_node_has_higher_numbers_than_the_last()
    {
        var before = New(new RecordingOptions());
        before.Start();
        Send(before, 100);
        time.Advance(TimeSpan.FromSeconds(1));
        var after = New(new RecordingOptions());
        after.Start();
        Send(after, 1);
        Assert.True(after.Read(before.State.Last, 10).Count == 1, "a reader that goes on from the last life's number sees the new one's first record");
    }

    [Fact]
    public void What_was_recorded_can_be_read_after_the_end_and_is_forgotten_at_the_next_start()
    {
        var recorder = New(new RecordingOptions());
        recorder.Start();
        Send(recorder, 3);
        recorder.Start();
        recorder.Stop();
        Send(recorder, 3);
        Assert.Equal(3, recorder.Read(0, 10).Count);
        recorder.Start();
        Assert.Empty(recorder.Read(0, 10));
    }

    private static void Send(MessageRecorder recorder, int count, int payloadBytes = 0)
    {
        for (var i = 0; i < count; i++)
        {
            ActorEnvelope message = TestNode.Numbered(i, payloadBytes);
            if (recorder.TryTrace(Channel.Actor, Lane.Interactive, message, message.CalculateSize()) is { } trace)
            {
                recorder.Sent(trace, "n2", new WirePlace("s", i));
            }
        }
    }

    private MessageRecorder New(RecordingOptions options) => new(NodeName.Parse("n1"), time, options);
}
