using System.Text.Json;
using Cluster.Modes.Streams;
using Cluster.Shared.Wire;

namespace Cluster.Modes.EventDriven;

/// <summary>
/// How an event becomes a dead letter.
/// </summary>
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
                Records = { LogSteps.Record(key, JsonSerializer.Serialize(envelope, EventDrivenJson.Default.EventEnvelope)) },
            }));
    }
}
