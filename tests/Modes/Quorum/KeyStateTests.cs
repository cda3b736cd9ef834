using System.Text.Json;
using Cluster.Modes.Quorum;
using FsCheck;
using FsCheck.Fluent;

namespace Cluster.Modes.Tests.Quorum;

/// <summary>States of a key join to the same whatever the order; a context replaces what it saw and nothing else; a write without one replaces all that is earlier.</summary>
public class KeyStateTests
{
    private static readonly Gen<int> Seeds = Gen.Choose(0, int.MaxValue);

    [Fact]
    public void The_evolution_of_an_object_goes_as_in_the_figure_of_the_paper()
    {
        // Dynamo, figure 3: D1 and D2 by Sx; D3 by Sy and D4 by Sz, both after D2; D5 by Sx, after both.
        var d1 = Add(KeyState.None, "Sx", 1, "D1", ClientContext.Nothing);
        var d2 = Add(d1, "Sx", 2, "D2", ClientContext.Of(d1));
        var d3 = Add(d2, "Sy", 1, "D3", ClientContext.Of(d2));
        var d4 = Add(d2, "Sz", 1, "D4", ClientContext.Of(d2));
        var read = d3.Join(d4);
        var d5 = Add(read, "Sx", 3, "D5", ClientContext.Of(read));

        Assert.Equal(["D1", "D2", "D3", "D4", "D3 D4", "D5"], new[] { d1, d2, d3, d4, read, d5 }.Select(Values));
        Assert.Equal(["Sx=1", "Sx=2", "Sx=2,Sy=1", "Sx=2,Sz=1", "Sx=2,Sy=1,Sz=1", "Sx=3,Sy=1,Sz=1"], new[] { d1, d2, d3, d4, read, d5 }.Select(state => ClientContext.Of(state).ToString()[1..]));
        Assert.True(d5.Covers(d3) && d5.Covers(d4) && !d3.Covers(d4));
    }

    [Fact]
    public void Two_writes_with_one_context_by_one_server_are_both_kept()
    {
        // Where version vectors alone go wrong and dotted ones do not (Preguiça et al. 2010, section 3).
        var read = Add(KeyState.None, "Sx", 1, "old", ClientContext.Nothing);
        var one = Add(read, "Sx", 2, "one", ClientContext.Of(read));
        var both = Add(one, "Sx", 3, "other", ClientContext.Of(read));

        Assert.Equal("one other", Values(both));
    }

    [Fact]
    public void A_write_without_a_context_replaces_what_is_earlier_also_where_it_was_never_seen()
    {
        var sibling = Add(KeyState.None, "n1", 1, "sibling", ClientContext.Nothing);
        var plain = KeyState.Written(new Tag(5, "n2", 7), "plain");

        Assert.Equal("plain", Values(sibling.Join(plain)));
        var beside = Add(plain, "n1", 2, "beside", ClientContext.Nothing, counter: 6);
        Assert.Equal("plain beside", Values(beside));
        Assert.Equal("after", Values(Add(beside, "n1", 3, "after", ClientContext.Of(beside), counter: 7)));
    }

    [Fact]
    public void A_made_up_context_replaces_nothing_that_is_still_to_come()
    {
        var forged = new ClientContext(new Tag(long.MaxValue, "n9", 1), [new Dot("n1", long.MaxValue)]);
        var state = Add(KeyState.None, "n1", 1, "a", forged);

        Assert.Equal("a b", Values(Add(state, "n1", 2, "b", ClientContext.Nothing)));
        Assert.Equal("a plain", Values(state.Join(KeyState.Written(new Tag(1, "n0", 1), "plain"))).Split(' ').Order().Aggregate((x, y) => $"{x} {y}"));
    }

    [Fact]
    public void States_join_in_any_order_any_number_of_times_to_the_same_and_the_latest_tag_never_goes_back() => Prop.ForAll(
        Seeds.ToArbitrary(),
        seed =>
        {
            var random = new Random(seed);
            var replicas = new[] { KeyState.None, KeyState.None, KeyState.None };
            var sent = new List<KeyState>();
            for (var step = 0; step < 40; step++)
            {
                var at = random.Next(3);
                var before = replicas[at].Winner?.Tag;
                var counter = replicas[at].Counter + 1;
                replicas[at] = random.Next(4) switch
                {
                    0 => replicas[at].Join(KeyState.Written(new Tag(counter, $"n{at}", step + 1), $"p{step}")),
                    1 => Add(replicas[at], $"n{at}", step + 1, $"c{step}", random.Next(2) == 0 ? ClientContext.Of(replicas[random.Next(3)]) : ClientContext.Nothing, counter),
                    _ => replicas[at].Join(sent.Count == 0 ? KeyState.None : sent[random.Next(sent.Count)]),
                };
                sent.Add(replicas[at]);
                Assert.True(before is null || replicas[at].Winner!.Value.Tag >= before, "the latest tag went back");
            }

            var joined = Enumerable.Range(0, 4).Select(_ => sent.OrderBy(_ => random.Next()).Concat(sent.Take(3)).Aggregate(KeyState.None, (known, state) => known.Join(state))).ToList();
            Assert.All(joined, state => Assert.Equal(joined[0], state));
            Assert.All(joined, state => Assert.Equal(StateDigest.Of("k", joined[0]), StateDigest.Of("k", state)));
            Assert.All(sent, state => Assert.True(joined[0].Covers(state)));
            Assert.Equal(joined[0], JsonSerializer.Deserialize(JsonSerializer.Serialize(new KeyCopy("k", joined[0]), QuorumJson.Default.KeyCopy), QuorumJson.Default.KeyCopy)!.State);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("|n1")]
    [InlineData("|n1=-3")]
    [InlineData("1;n1|")]
    [InlineData("1;;2|")]
    [InlineData("1;n1;2|n1=1|")]
    [InlineData("99999999999999999999;n1;2|")]
    public void What_is_no_context_is_refused(string text) => Assert.False(ClientContext.TryParse(text, out _));

    [Fact]
    public void A_context_is_read_back_as_it_was_told()
    {
        var state = Add(KeyState.Written(new Tag(5, "n2", 77), "plain"), "n1", 9, "beside", ClientContext.Nothing, counter: 6);

        Assert.True(ClientContext.TryParse(ClientContext.Of(state).ToString(), out var read));
        Assert.Equal("after", Values(Add(state, "n1", 10, "after", read, counter: 7)));
    }

    private static KeyState Add(KeyState state, string node, long sequence, string value, ClientContext context, long? counter = null) =>
        state.Add(new DottedVersion(node, sequence, new Tag(counter ?? state.Counter + 1, node, sequence), value), context);

    private static string Values(KeyState state) => string.Join(' ', state.Standing.Select(stands => stands.Value));
}
