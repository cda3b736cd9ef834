using System.Text;
using Cluster.Engine.Remoting;
using Cluster.Engine.Remoting.Faults;
using Cluster.Engine.Remoting.Recording;
using Cluster.Engine.Simulation;
using Cluster.Shared.Http;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Tests.Remoting;

/// <summary>Link faults alone, under virtual time: exact, and the same for the same seed.</summary>
public sealed class LinkFaultsTests
{
    private static readonly NodeName Peer = NodeName.Parse("n2");

    [Fact]
    public void The_same_seed_gives_the_same_faults()
    {
        var rule = new LinkFaultView("n2", DelayMs: 3, JitterMs: 20, LossPercent: 10, DuplicatePercent: 10, ReorderPercent: 10);
        Assert.Equal(Run(rule, seed: 5), Run(rule, seed: 5));
        Assert.NotEqual(Run(rule, seed: 5), Run(rule, seed: 6));
    }

    [Fact]
    public void A_delayed_frame_comes_exactly_when_it_is_due()
    {
        Assert.Equal("0@40 1@41 2@42", Run(new LinkFaultView("n2", DelayMs: 40), seed: 1, frames: 3));
    }

    [Fact]
    public void A_throttle_sends_a_frame_each_time_its_bytes_have_passed()
    {
        // Each frame is 102 bytes long or so: at 10,200 bytes a second one takes ten milliseconds.
        Assert.Equal("0@10 1@20 2@30", Run(new LinkFaultView("n2", BytesPerSecond: 10_700), seed: 1, frames: 3, payloadBytes: 100));
    }

    [Fact]
    public void A_frame_held_behind_others_on_a_silent_link_goes_out_in_the_end()
    {
        Assert.Equal("0@50", Run(new LinkFaultView("n2", ReorderPercent: 100), seed: 1, frames: 1));
    }

    [Fact]
    public void Frames_held_back_are_bounded()
    {
        var time = new VirtualTime();
        using var faults = new LinkFaults(time, new Random(1), heldBytesMax: 1_000);
        faults.Set([new LinkFaultView("n2", DelayMs: 100)]);
        var lane = new Arrivals(time);
        var taken = Enumerable.Range(0, 100).Count(i => Offer(faults, lane, i, 100));
        Assert.InRange(taken, 8, 10);
        Assert.Equal(100 - taken, faults.Count(FaultKind.Overflowed));
        time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.True(Offer(faults, lane, 100, 100));
    }

    [Fact]
    public void A_cut_loses_what_was_under_way()
    {
        var time = new VirtualTime();
        using var faults = new LinkFaults(time, new Random(1));
        faults.Set([new LinkFaultView("n2", DelayMs: 100)]);
        var lane = new Arrivals(time);
        Offer(faults, lane, 1, 0);
        faults.Set([new LinkFaultView("n2", Cut: true)]);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("", lane.ToString());
        Assert.Equal(1, faults.Count(FaultKind.Cut));
    }

    [Theory]
    [InlineData("N2", 0, 0, 0, "'N2' is not a node name")]
    [InlineData("n2", -1, 0, 0, "DelayMs is -1, it must be from 0 to 60000")]
    [InlineData("n2", 60_001, 0, 0, "DelayMs is 60001")]
    [InlineData("n2", 0, 100.5, 0, "LossPercent is 100.5, it must be from 0 to 100")]
    [InlineData("n2", 0, double.NaN, 0, "LossPercent is NaN")]
    [InlineData("n2", 0, 0, -5, "BytesPerSecond is -5, it must be 0 (no throttle) or more")]
    public void A_rule_out_of_range_is_refused_and_changes_nothing(string to, int delayMs, double loss, long bytesPerSecond, string said)
    {
        using var faults = new LinkFaults(new VirtualTime(), new Random(1));
        faults.Set([new LinkFaultView("n3", Cut: true)]);
        var refused = Assert.Throws<ArgumentException>(() => faults.Set([new LinkFaultView(to, DelayMs: delayMs, LossPercent: loss, BytesPerSecond: bytesPerSecond)]));
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.Equal("n3", Assert.Single(faults.Current).To);
    }

    [Fact]
    public void Two_rules_for_one_link_are_refused()
    {
        using var faults = new LinkFaults(new VirtualTime(), new Random(1));
        Assert.Throws<ArgumentException>(() => faults.Set([new LinkFaultView("n2", Cut: true), new LinkFaultView("n2", DelayMs: 5)]));
        Assert.False(faults.Active);
    }

    private static string Run(LinkFaultView rule, int seed, int frames = 200, int payloadBytes = 0)
    {
        var time = new VirtualTime();
        using var faults = new LinkFaults(time, new Random(seed));
        faults.Set([rule]);
        var lane = new Arrivals(time);
        for (var i = 0; i < frames; i++)
        {
            Offer(faults, lane, i, payloadBytes);
            if (rule.BytesPerSecond == 0)
            {
                time.Advance(TimeSpan.FromMilliseconds(1));
            }
        }

        time.Advance(TimeSpan.FromSeconds(2));
        return lane.ToString();
    }

    private static bool Offer(LinkFaults faults, Arrivals lane, int number, int payloadBytes)
    {
        var message = TestNode.Numbered(number, payloadBytes);
        return faults.Send(Peer, lane, Channel.Actor, message, message.CalculateSize(), null);
    }

    private sealed class Arrivals(VirtualTime time) : IFaultedLane
    {
        private readonly DateTimeOffset started = time.GetUtcNow();
        private readonly StringBuilder text = new();

        public bool Deliver(Channel channel, ReadOnlySpan<byte> payload, FrameTrace? trace)
        {
            text.Append(text.Length == 0 ? "" : " ").Append(ActorEnvelope.Parser.ParseFrom(payload).To).Append('@').Append((time.GetUtcNow() - started).TotalMilliseconds);
            return true;
        }

        public void Lose(FrameTrace trace, FaultKind why) => text.Append(why);

        public override string ToString() => text.ToString();
    }
}
