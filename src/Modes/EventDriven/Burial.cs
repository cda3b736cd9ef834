using System.Text.Json;
using Cluster.Modes.Streams;
using Cluster.Shared.Wire;

namespace Cluster.Modes.EventDriven;

/// <summary>
/// How an event becomes a dead letter. The log takes each burial once: to it the event is a producer that sends one batch (KIP-98). So a burial that is sent again, because its answer was lost, and comes behind
/// a redrive of the first one is a duplicate, and does not put the event among the dead letters once more beside the one that is on its way.
/// </summary>
/// <remarks>The log knows the last 1,000 burials of a partition: one that is late by more than that many others is taken anew.</remarks>
internal static class Burial
{
    /// <summary>Only while this consumer has the partition: one that was replaced could bring back what has been sent again since.</summary>
    /// <param name="node">The consumer's.</param>
    public static LogCommand Of(Consumer consumer, string node, ulong offset, EventEnvelope envelope)
    {
        var dead = EventDrivenServices.Dead(consumer.Subscription, consumer.Partition);
        var key = FormattableString.Invariant($"{offset}");
        return LogSteps.Transaction(
            LogSteps.Claim(EventDrivenServices.Events(consumer.Partition), consumer.Subscription, consumer.Generation, node),
            LogSteps.Configure(dead, DeadLetterActor.Settings),
            LogSteps.Append(dead, new LogAppend
            {
                Producer = key,
                Epoch = 1,
                Sequence = 0,
                Records = { LogSteps.Record(key, JsonSerializer.Serialize(envelope, EventDrivenJson.Default.EventEnvelope)) },
            }));
    }
}
