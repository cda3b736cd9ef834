using System.Text.Json;
using Cluster.Modes.EventDriven;
using Cluster.Modes.Hosting;
using Cluster.Modes.Streams;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Simulation.Tests.Modes;

/// <summary>The bus on a simulated cluster, by its door.</summary>
public class EventDrivenTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ModeStage stage = new(EventDrivenMode.Mode, seed: 3);

    public EventDrivenTests()
    {
        stage.Ask(1, "register", ("type", "order-placed"), ("version", "1"), ("fields", "amount:number"));
        stage.Ask(1, "subscribe", ("subscription", "billing"));
    }

    [Fact]
    public void An_event_that_always_fails_is_a_dead_letter_and_has_its_effect_when_it_is_sent_again()
    {
        Publish("e1", fails: 0);
        Publish("e2", fails: 99);
        Publish("e3", fails: 2);
        AwaitEffects("[\"e1\",\"e3\"]");
        var dead = stage.Ask(2, "dead-letters", ("subscription", "billing")).GetProperty("deadLetters")[0];
        Assert.Equal("e2", dead.GetProperty("event").GetProperty("id").GetString());

        stage.Ask(3, "redrive", ("subscription", "billing"), ("partition", dead.GetProperty("partition").GetRawText()), ("offset", dead.GetProperty("offset").GetRawText()));

        AwaitEffects("[\"e1\",\"e3\",\"e2\"]");
        Assert.Equal(0, stage.Ask(1, "dead-letters", ("subscription", "billing")).GetProperty("deadLetters").GetArrayLength());
        Assert.Equal(30, stage.Ask(1, "effects", ("subscription", "billing"), ("key", "ann")).GetProperty("total").GetDecimal());
    }

    [Fact]
    public void A_burial_that_comes_again_when_its_dead_letter_has_been_sent_again_buries_nothing()
    {
        Publish("e1", fails: 99);
        var letter = AwaitDeadLetter();
        var (partition, offset) = (letter.GetProperty("partition").GetInt32(), letter.GetProperty("offset").GetUInt64());
        var told = stage.Ask(1, "subscription", ("subscription", "billing"));
        var consumer = told.GetProperty("consumers").EnumerateObject().First(one => one.Value.EnumerateArray().Any(has => has.GetInt32() == partition)).Name;
        var late = Burial.Of(new Consumer("billing", partition, told.GetProperty("generation").GetUInt64()), consumer, offset, letter.GetProperty("event").Deserialize(EventDrivenJson.Default.EventEnvelope)!);
        stage.Ask(3, "redrive", ("subscription", "billing"), ("partition", $"{partition}"), ("offset", $"{offset}"));

        var answer = stage.AskLog(2, late); // Its first copy was carried out, and the answer to it lost.

        Assert.Equal(LogStatus.Ok, answer.Status);
        AwaitEffects("[\"e1\"]");
        Assert.Equal(0, stage.Ask(1, "dead-letters", ("subscription", "billing")).GetProperty("deadLetters").GetArrayLength());
    }

    [Theory]
    [InlineData("""{"id":"poison","type":"order-placed","version":1,"key":"ann","data":{"amount":1,"amount":2}}""")] // As it was published before it was refused.
    [InlineData("""{"id":"poison","type":null,"version":1,"key":"ann","data":{"amount":1}}""")] // The delivery itself fails on it.
    public void An_event_that_no_consumer_can_read_is_a_dead_letter_and_those_behind_it_go_on(string poison)
    {
        var bus = EventDrivenServices.Events(LogSteps.PartitionOf("ann", EventDrivenServices.Partitions));
        stage.AskLog(1, LogSteps.Transaction(LogSteps.Append(bus, new LogAppend { Records = { LogSteps.Record("ann", poison) } })));
        Publish("e1", fails: 0);

        AwaitEffects("[\"e1\"]");
        Assert.Equal("poison", AwaitDeadLetter().GetProperty("event").GetProperty("id").GetString());
    }

    [Fact]
    public void Amounts_that_one_total_cannot_hold_are_refused_where_they_are_published()
    {
        var answer = Ask("publish", "type=order-placed", "key=ann", "data={\"amount\":79228162514264337593543950335}");

        Assert.Equal((ErrorCode.BadRequest, "this is no 'order-placed' of version 1: 'amount' is more than 1000000000 either way"), (answer.Error?.Code, answer.Error?.Message));
    }

    [Fact]
    public void A_subscription_with_a_slash_in_its_name_is_refused_with_words()
    {
        var answer = Ask("subscribe", "subscription=billing/v2");

        Assert.Equal(ErrorCode.Conflict, answer.Error?.Code);
        Assert.StartsWith("a subscription's name has no slash", answer.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_dead_consumer_had_in_hand_is_handled_by_its_successor_and_nothing_twice()
    {
        Publish("first", fails: 0);
        AwaitEffects("[\"first\"]");
        var partition = stage.Ask(2, "subscription", ("subscription", "billing")).GetProperty("partitions").EnumerateArray().First(one => one.GetProperty("end").GetInt32() > 0).GetProperty("partition").GetInt32();
        var consumers = stage.Ask(2, "subscription", ("subscription", "billing")).GetProperty("consumers").EnumerateObject();
        var consumer = consumers.First(one => one.Value.EnumerateArray().Any(has => has.GetInt32() == partition)).Name;
        var node = int.Parse(consumer.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
        var other = (node % 3) + 1;
        for (var i = 0; i < 20; i++)
        {
            Publish($"e{i}", fails: 0, node: other);
            if (i == 10)
            {
                stage.Cluster.Nodes[node - 1].Kill();
            }
        }

        AwaitEffects($"[\"first\",{string.Join(',', Enumerable.Range(0, 20).Select(i => $"\"e{i}\""))}]", other);
    }

    [Theory]
    [InlineData(ErrorCode.NotFound, "there is no event type 'tea'", "type=tea", "data={}")]
    [InlineData(ErrorCode.NotFound, "'order-placed' has versions 1 to 1, no 2", "type=order-placed", "version=2", "data={}")]
    [InlineData(ErrorCode.BadRequest, "this is no 'order-placed' of version 1: 'amount' is missing", "type=order-placed", "data={}")]
    [InlineData(ErrorCode.BadRequest, "this is no 'order-placed' of version 1: data is no JSON", "type=order-placed", "data={")]
    public void An_event_of_no_registered_shape_never_reaches_the_bus(ErrorCode code, string why, params string[] arguments)
    {
        var answer = Ask("publish", ["key=k", .. arguments]);

        Assert.Equal(code, answer.Error?.Code);
        Assert.StartsWith(why, answer.Error!.Message, StringComparison.Ordinal);
        Assert.All(stage.Ask(1, "subscription", ("subscription", "billing")).GetProperty("partitions").EnumerateArray(), partition => Assert.Equal(0, partition.GetProperty("end").GetInt32()));
    }

    private void Publish(string id, int fails, int node = 1) =>
        stage.Ask(node, "publish", ("type", "order-placed"), ("key", "ann"), ("id", id), ("fails", $"{fails}"), ("data", "{\"amount\":10}"));

    private ModeAnswer Ask(string operation, params string[] arguments) =>
        stage.Cluster.Await(new ValueTask<ModeAnswer>(stage.AskAsync(2, operation, [.. arguments.Select(argument => (argument.Split('=')[0], argument.Split('=')[1]))])), Patience);

    private JsonElement AwaitDeadLetter()
    {
        for (var end = stage.Cluster.Now + Patience; ;)
        {
            var dead = stage.Ask(2, "dead-letters", ("subscription", "billing")).GetProperty("deadLetters");
            if (dead.GetArrayLength() > 0)
            {
                return Assert.Single(dead.EnumerateArray());
            }

            Assert.True(stage.Cluster.Now < end, "nothing was buried");
            stage.Cluster.Run(TimeSpan.FromMilliseconds(100));
        }
    }

    private void AwaitEffects(string ids, int node = 1)
    {
        for (var end = stage.Cluster.Now + Patience; ;)
        {
            var handled = stage.Ask(node, "effects", ("subscription", "billing"), ("key", "ann")).GetProperty("handled").GetRawText();
            if (handled == ids)
            {
                return;
            }

            Assert.True(stage.Cluster.Now < end, $"the effects are {handled}, not {ids}");
            stage.Cluster.Run(TimeSpan.FromMilliseconds(100));
        }
    }
}
