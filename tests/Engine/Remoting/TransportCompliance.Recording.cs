using Cluster.Engine.Remoting;
using Cluster.Shared.Http;

namespace Cluster.Engine.Tests.Remoting;

/// <content>What records of messages promise on every transport: the two ends of a frame's way meet, and what was lost says why.</content>
public abstract partial class TransportCompliance
{
    [Fact]
    public async Task The_two_records_of_a_frame_have_one_place_and_no_other_frame_has_it()
    {
        await using var world = NewWorld();
        var (one, two) = (await world.AddAsync("n1"), await world.AddAsync("n2"));
        Record(one, two);
        for (var i = 0; i < 500; i++)
        {
            one.SendTo(two, i);
            two.SendTo(one, i);
            one.SendTo(two, i, Lane.Bulk);
        }

        await world.UntilAsync(() => two.Count == 1000 && one.Count == 500 && Records(one).Count == 1500 && Records(two).Count == 1500, "all have arrived and are recorded");
        Assert.Equal(1500, Joined(one, two).Count);
        Assert.All(Joined(one, two), pair => Assert.Equal(pair.Sent.Parts[0].Text, pair.Received.Parts[0].Text));
        Assert.All(Joined(one, two), pair => Assert.True(pair.Sent.SentAt <= pair.Received.ReceivedAt, "it is sent before it is received"));
        Assert.Equal(500, Records(one).Count(record => record is { From: "n1", To: "n2", Lane: "Bulk" }));
    }

    [Fact]
    public async Task Frames_that_were_sent_before_recording_began_do_not_shift_the_places_of_later_ones()
    {
        await using var world = NewWorld();
        var (one, two) = (await world.AddAsync("n1"), await world.AddAsync("n2"));
        one.SendTo(two, 1);
        await world.UntilAsync(() => two.Count == 1, "the first has arrived");
        two.Transport.Recorder.Start();
        one.SendTo(two, 2);
        await world.UntilAsync(() => two.Count == 2, "the second has arrived");
        one.Transport.Recorder.Start();
        one.SendTo(two, 3);
        await world.UntilAsync(() => two.Count == 3 && Records(one).Count == 1, "the third has arrived");
        Assert.Equal("a message to 3", Assert.Single(Joined(one, two)).Received.Parts[0].Text);
    }

    [Fact]
    public async Task Records_of_duplicated_late_and_reordered_frames_still_meet_and_lost_ones_say_so()
    {
        await using var world = NewWorld();
        var (one, two) = (await world.AddAsync("n1"), await world.AddAsync("n2"));
        await world.LinkAsync(one, two);
        Record(one, two);
        one.Transport.Faults.Set([new LinkFaultView("n2", DelayMs: 5, JitterMs: 5, LossPercent: 20, DuplicatePercent: 20, ReorderPercent: 20)]);
        for (var i = 0; i < 300; i++)
        {
            one.SendTo(two, i);
        }

        await world.UntilAsync(() => Records(one).Count >= 300 && Records(one).Count(record => record.Number is not null) == Records(two).Count, "every frame's fate is known");
        await world.PassAsync(TimeSpan.FromMilliseconds(200));
        var lost = Records(one).Where(record => record.DroppedBecause is not null).ToList();
        Assert.Equal(one.Transport.Faults.Count(Engine.Remoting.Faults.FaultKind.Lost), lost.Count);
        Assert.All(lost, record => Assert.Equal(("lost by a link fault", null, "n2"), (record.DroppedBecause, record.Number, record.To)));
        Assert.Equal(one.Transport.Faults.Count(Engine.Remoting.Faults.FaultKind.Duplicated), Records(one).Count(record => record.IsDuplicate == true));
        Assert.Equal(two.Count, Joined(one, two).Count);
        Assert.All(Joined(one, two), pair => Assert.Equal(pair.Sent.Parts[0].Text, pair.Received.Parts[0].Text));
        Assert.All(Joined(one, two), pair => Assert.True(pair.Received.ReceivedAt - pair.Sent.SentAt >= 5_000_000, "it is recorded as sent before the fault held it back"));
    }

    [Fact]
    public async Task A_cut_link_shows_what_it_swallowed_at_the_end_where_it_did()
    {
        await using var world = NewWorld();
        var (one, two) = (await world.AddAsync("n1"), await world.AddAsync("n2"));
        await world.LinkAsync(one, two);
        Record(one, two);
        one.Transport.Faults.Set([new LinkFaultView("n2", Cut: true)]);
        one.SendTo(two, 1);
        one.Transport.Faults.Set([]);
        two.Transport.Faults.CutIncoming([Shared.Ids.NodeName.Parse("n1")]);
        one.SendTo(two, 2);
        await world.UntilAsync(() => Records(two).Count == 1 && Records(one).Count == 2, "both are recorded");
        Assert.Equal([("the link is cut", (long?)null), (null, 0)], Records(one).Select(record => (record.DroppedBecause, record.Number)));
        Assert.Equal("the link is cut", Records(two)[0].DroppedBecause);
        Assert.Equal("a message to 2", Assert.Single(Joined(one, two)).Received.Parts[0].Text);
        Assert.Equal(0, two.Count);
    }

    [Fact]
    public async Task Frames_that_no_connection_took_are_recorded_as_lost()
    {
        await using var world = NewWorld();
        var one = await world.AddAsync("n1");
        one.Transport.Recorder.Start();
        var dead = await world.DeadAddressAsync();
        one.Transport.Send(dead, Channel.Actor, TestNode.Numbered(1));
        await world.UntilAsync(() => Records(one).Count == 1, "the frame's fate is known");
        Assert.Equal(("the connection was lost", dead.ToString(), null), (Records(one)[0].DroppedBecause, Records(one)[0].To, Records(one)[0].Session));
    }

    private static void Record(params TestNode[] nodes) => Array.ForEach(nodes, node => node.Transport.Recorder.Start());

    private static IReadOnlyList<MessageRecordView> Records(TestNode node) => node.Transport.Recorder.Read(0, int.MaxValue);

    private static List<(MessageRecordView Sent, MessageRecordView Received)> Joined(params TestNode[] nodes)
    {
        var all = nodes.SelectMany(Records).Where(record => record.Number is not null).ToList();
        var sent = all.Where(record => record.SentAt is not null).ToDictionary(record => (record.From, record.Session, record.Number));
        return [.. all.Where(record => record.ReceivedAt is not null && sent.ContainsKey((record.From, record.Session, record.Number))).Select(record => (sent[(record.From, record.Session, record.Number)], record))];
    }
}
