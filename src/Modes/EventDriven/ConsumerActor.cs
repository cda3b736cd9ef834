using System.Text.Json;
using Cluster.Engine.Port;
using Cluster.Modes.Streams;
using Cluster.Shared.Wire;

namespace Cluster.Modes.EventDriven;

/// <summary>
/// Consumes one partition of the bus for one subscription: claims it, reads on from where the subscription stands, delivers each event, and acknowledges what is through. It acknowledges after the effect, so
/// what it had in hand when it died comes again to its successor: at least once. It asks the log one thing at a time, so an answer is always to what was asked last.
/// </summary>
internal sealed class ConsumerActor(EventDrivenServices services, Consumer consumer) : Actor
{
    /// <summary>Events of one partition in hand: what comes again after a crash at most.</summary>
    private const int Window = 64;

    private const int FetchBytes = 256 * 1024;

    /// <summary>Between two acknowledgements, of all that has come through meanwhile, unless half of the window has: each is an entry of the log.</summary>
    private static readonly TimeSpan CommitEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>Between two looks, where nothing has come.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(30);

    /// <summary>Before what was not answered is asked again.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(200);

    private readonly LaneCore lanes = new(Window, keepsOrder: !services.LetsRetriesBeOvertaken);
    private readonly Dictionary<ulong, EventEnvelope> waiting = [];
    private readonly Dictionary<IActorRef, UnderWay> deliveries = [];
    private readonly string partition = EventDrivenServices.Events(consumer.Partition);
    private Asked asked;
    private bool isClaimed;
    private bool isResting;
    private bool isCommitDue;
    private ulong committing;
    private ulong committed;

    private enum Asked
    {
        Nothing,
        Claim,
        Fetch,
        Commit,
    }

    /// <summary>A delivery that fails by an error is begun anew from here, where its failures are counted.</summary>
    protected override SupervisorStrategy SupervisorStrategy => SupervisorStrategy.Stopping;

    protected override void PreStart()
    {
        Timers.StartPeriodic(nameof(CommitNow), CommitNow.Instance, CommitEvery);
        Claim();
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case Delivered { IsFenced: true } or LogReply { Status: LogStatus.Fenced }:
                Context.Stop(Self); // The partition has passed on; the group will say so.
                break;
            case Delivered delivered:
                deliveries.Remove(Sender);
                Through(delivered.Offset);
                break;
            case Terminated ended when deliveries.Remove(ended.Actor, out var lost):
                // It ended without a word, and its key would wait for it for ever. Each such end is a failed attempt: an event that is a delivery's death is a dead letter in the end.
                Deliver(lost.Offset, lost.Envelope, lost.Failures + 1);
                break;
            case Terminated:
                break; // It was through.
            case LogReply { Status: LogStatus.Ok } reply:
                Answered(reply);
                break;
            case LogReply { Status: LogStatus.OutOfRange } gone when gone.Start > lanes.Next:
                services.Tell($"{consumer.Subscription} has missed events {lanes.Next} to {gone.Start - 1} of {partition}: retention was there first");
                lanes.Skip(gone.Start);
                asked = Asked.Nothing;
                GoOn();
                break;
            case LogReply or LogUnavailable:
                Rest(AskAgain);
                break;
            case Wake:
                isResting = false;
                GoOn();
                break;
            case CommitNow:
                isCommitDue = true;
                GoOn();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Answered(LogReply reply)
    {
        var was = asked;
        asked = Asked.Nothing;
        switch (was)
        {
            case Asked.Claim:
                committed = reply.Steps[0].Offset;
                lanes.Begin(committed);
                isClaimed = true;
                break;
            case Asked.Commit:
                committed = committing;
                break;
            default:
                Take(reply);
                break;
        }

        GoOn();
    }

    /// <summary>Acknowledges, where that is due, or reads on, where there is room.</summary>
    private void GoOn()
    {
        if (asked != Asked.Nothing || isResting)
        {
            return;
        }

        if (!isClaimed)
        {
            Claim();
            return;
        }

        var through = services.AcknowledgesFirst ? lanes.Next : lanes.Through;
        if (through > committed && (isCommitDue || through - committed >= Window / 2 || services.AcknowledgesFirst))
        {
            (asked, isCommitDue, committing) = (Asked.Commit, false, through);
            services.Log.Tell(LogSteps.Transaction(LogSteps.Commit(partition, consumer.Subscription, consumer.Generation, services.Node, through, from: null)), Self);
        }
        else if (lanes.Room >= Window / 4) // Not for each event that comes through: a fetch brings many.
        {
            asked = Asked.Fetch;
            services.Log.Tell(LogSteps.Fetch(partition, lanes.Next, FetchBytes), Self, isStale: true);
        }
    }

    private void Claim()
    {
        asked = Asked.Claim;
        services.Log.Tell(LogSteps.Transaction(LogSteps.Claim(partition, consumer.Subscription, consumer.Generation, services.Node)), Self);
    }

    private void Rest(TimeSpan time)
    {
        (asked, isResting) = (Asked.Nothing, true);
        Timers.StartSingle(nameof(Wake), Wake.Instance, time);
    }

    private void Take(LogReply fetched)
    {
        var types = services.Bus.Subscriptions.GetValueOrDefault(consumer.Subscription, []);
        foreach (var (record, _) in fetched.Records(lanes.Next))
        {
            if (lanes.Room == 0)
            {
                break;
            }

            var envelope = JsonSerializer.Deserialize(record.Value.Span, EventDrivenJson.Default.EventEnvelope)!;
            if ((!types.IsEmpty && !types.Contains(envelope.Type)) || (envelope.Only is { } only && only != consumer.Subscription))
            {
                lanes.Skip(record.Offset + 1);
            }
            else if (lanes.Add(record.Offset, envelope.Key))
            {
                Deliver(record.Offset, envelope);
            }
            else
            {
                waiting.Add(record.Offset, envelope);
            }
        }

        if (fetched.Batches.Count == 0)
        {
            Rest(LookAgain);
        }
    }

    private void Through(ulong offset)
    {
        if (lanes.Done(offset) is { } following && waiting.Remove(following, out var envelope))
        {
            Deliver(following, envelope);
        }

        GoOn();
    }

    /// <param name="failures">Of deliveries of this event that ended without a word.</param>
    private void Deliver(ulong offset, EventEnvelope envelope, int failures = 0) =>
        deliveries.Add(Context.Watch(Context.ActorOf(Props.Create(() => new DeliveryActor(services, consumer, offset, envelope, failures)))), new UnderWay(offset, envelope, failures));

    private sealed record UnderWay(ulong Offset, EventEnvelope Envelope, int Failures);

    private sealed class Wake
    {
        public static readonly Wake Instance = new();
    }

    private sealed class CommitNow
    {
        public static readonly CommitNow Instance = new();
    }
}
