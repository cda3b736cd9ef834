using System.Collections.Immutable;
using System.Text.Json;
using Cluster.Engine.Port;
using Cluster.Modes.EventDriven;
using Cluster.Shared.Results;

namespace Cluster.Modes.Tests.EventDriven;

/// <summary>One event's attempts: what says no to it makes it a dead letter in the end, and silence never does.</summary>
public class DeliveryCoreTests
{
    private static readonly EntityRefused Refused = new("event-driven-inbox", "s/k", "its decider failed");
    private static readonly EntityUnavailable Silence = new("event-driven-inbox", "s/k", new ClusterError(ErrorCode.OutcomeUnknown, "nobody answers"));
    private static readonly BusState Bus = new(ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty.Add("t", ["amount:number"]), ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty);

    [Fact]
    public void An_event_that_the_entity_refuses_five_times_is_given_up_and_buried()
    {
        var delivery = new DeliveryCore(Event("{\"amount\":1}"), 3);
        for (var attempt = 1; attempt <= DeliveryCore.MaxAttempts; attempt++)
        {
            Assert.Equal(new DeliveryStep.Ask(new Handle("e", 3, 1, attempt, 0)), delivery.Try(Bus));
            Assert.Equal(new DeliveryStep.Wait(attempt, IsFailure: true), delivery.Hear(Refused));
        }

        Assert.Equal(new DeliveryStep.Ask(new GiveUp("e", 3)), delivery.Try(Bus));
        Assert.Equal(new DeliveryStep.Bury(), delivery.Hear(new InboxReply(InboxOutcome.GivenUp)));
    }

    [Fact]
    public void An_event_that_cannot_be_read_is_given_up_after_as_many_attempts()
    {
        var delivery = new DeliveryCore(Event("{\"amount\":1,\"amount\":2}"), 3);
        for (var attempt = 1; attempt <= DeliveryCore.MaxAttempts; attempt++)
        {
            Assert.Equal(new DeliveryStep.Wait(attempt, IsFailure: true), delivery.Try(Bus));
        }

        Assert.Equal(new DeliveryStep.Ask(new GiveUp("e", 3)), delivery.Try(Bus));
    }

    [Fact]
    public void Silence_is_waited_out_for_as_long_as_it_takes()
    {
        var delivery = new DeliveryCore(Event("{\"amount\":1}"), 3);
        Assert.Equal(new DeliveryStep.Wait(1, IsFailure: false), delivery.Try(new BusCore().Empty)); // Its type has not come to this node yet.
        for (var times = 2; times < 50; times++)
        {
            Assert.Equal(new DeliveryStep.Ask(new Handle("e", 3, 1, 1, 0)), delivery.Try(Bus));
            Assert.Equal(new DeliveryStep.Wait(times, IsFailure: false), delivery.Hear(Silence));
        }

        Assert.Equal(new DeliveryStep.End(), delivery.Hear(new InboxReply(InboxOutcome.Handled)));
    }

    [Fact]
    public void An_inbox_that_refuses_even_to_give_up_is_asked_again() // Else the event were passed over without a trace.
    {
        var delivery = new DeliveryCore(Event("{}"), 3, failures: DeliveryCore.MaxAttempts);

        Assert.Equal(new DeliveryStep.Wait(1, IsFailure: false), delivery.Hear(Refused));
        Assert.Equal(new DeliveryStep.Ask(new GiveUp("e", 3)), delivery.Try(Bus));
    }

    [Fact]
    public void Attempts_that_ended_without_a_word_count_and_in_the_end_nobody_looks_into_the_event() =>
        Assert.Equal(new DeliveryStep.Ask(new GiveUp("e", 3)), new DeliveryCore(Event("null"), 3, failures: DeliveryCore.MaxAttempts).Try(Bus));

    private static EventEnvelope Event(string data)
    {
        using var document = JsonDocument.Parse(data);
        return new EventEnvelope("e", "t", 1, "k", document.RootElement.Clone());
    }
}
