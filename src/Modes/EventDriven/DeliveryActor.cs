using System.Text.Json;
using Cluster.Engine.Port;
using Cluster.Modes.Streams;
using Cluster.Shared.Wire;

namespace Cluster.Modes.EventDriven;

/// <summary>
/// One event on its way to one subscription's inbox: tried again with back-off while the handler fails, given to the dead letters when it has failed too often, and tried for as long as it takes while the
/// cluster does not answer, since that is nobody's poison. Tells its parent when it is through.
/// </summary>
internal sealed class DeliveryActor(EventDrivenServices services, Consumer consumer, ulong offset, EventEnvelope envelope) : Actor
{
    /// <summary>Attempts at handling before an event is poison.</summary>
    public const int MaxAttempts = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(25);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private int attempt = 1;
    private int silences;

    protected override void PreStart() => Try();

    protected override void Receive(object message)
    {
        switch (message)
        {
            case InboxReply { Outcome: InboxOutcome.Handled }:
                services.Handled.Add(1);
                End(isFenced: false);
                break;
            case InboxReply { Outcome: InboxOutcome.Repeated }:
                services.Repeated.Add(1);
                End(isFenced: false);
                break;
            case InboxReply { Outcome: InboxOutcome.Failed }:
                services.Retried.Add(1);
                attempt++;
                Timers.StartSingle(nameof(Again), Again.Instance, Pause(attempt - 1));
                break;
            case InboxReply { Outcome: InboxOutcome.GivenUp }:
                Bury();
                break;
            case LogReply { Status: LogStatus.Ok }:
                services.DeadLetters.Add(1);
                services.Tell($"{consumer.Subscription} gives up event {envelope.Id} of {envelope.Key} after {MaxAttempts} attempts: it is a dead letter");
                End(isFenced: false);
                break;
            case LogReply { Status: LogStatus.Fenced }:
                End(isFenced: true);
                break;
            case Again:
                Try();
                break;
            case EntityRefused or EntityUnavailable or LogUnavailable or LogReply:
                silences++;
                Timers.StartSingle(nameof(Again), Again.Instance, Pause(silences));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Try()
    {
        if (Amount() is not { } amount)
        {
            silences++;
            Timers.StartSingle(nameof(Again), Again.Instance, Pause(silences)); // Its schema has not come to this node yet.
            return;
        }

        InboxCommand command = attempt > MaxAttempts
            ? new GiveUp(envelope.Id, offset)
            : new Handle(envelope.Id, offset, amount, attempt, envelope.Fails, services.IsNotIdempotent);
        services.Inboxes.Tell(new ToEntity(EventDrivenServices.Inbox(consumer.Subscription, envelope.Key), command), Self);
    }

    /// <summary>Only while this consumer has the partition: one that was replaced could bring back what has been sent again since.</summary>
    private void Bury() => services.Log.Tell(
        LogSteps.Transaction(
            LogSteps.Claim(EventDrivenServices.Events(consumer.Partition), consumer.Subscription, consumer.Generation, services.Node),
            LogSteps.Configure(EventDrivenServices.Dead(consumer.Subscription, consumer.Partition), DeadLetterActor.Settings),
            LogSteps.Append(
                EventDrivenServices.Dead(consumer.Subscription, consumer.Partition),
                new LogAppend { Records = { LogSteps.Record(FormattableString.Invariant($"{offset}"), JsonSerializer.Serialize(envelope, EventDrivenJson.Default.EventEnvelope)) } })),
        Self);

    /// <summary>What the handler makes of the event, whichever version it was written in: the newest fills in what is missing.</summary>
    private decimal? Amount()
    {
        var versions = BusCore.Versions(services.Bus, envelope.Type);
        return versions.Length >= envelope.Version && EventSchema.TryParse(versions[^1], out var newest, out _)
            ? newest.Upcast(envelope.Data)["amount"] is { } amount && amount.GetValueKind() == JsonValueKind.Number ? amount.AsValue().Deserialize<decimal>(EventDrivenJson.Default.Decimal) : 0
            : null;
    }

    /// <summary>Exponential, with jitter: those that failed together do not come again together.</summary>
    private TimeSpan Pause(int times)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(times - 1, 10));
        return (pause < LongestPause ? pause : LongestPause) * (0.5 + (0.5 * Context.System.Random.NextDouble()));
    }

    private void End(bool isFenced)
    {
        Context.Parent.Tell(new Delivered(offset, isFenced), Self);
        Context.Stop(Self);
    }

    private sealed class Again
    {
        public static readonly Again Instance = new();
    }
}
