using Cluster.Engine.Port;
using Cluster.Shared.Wire;

namespace Cluster.Modes.EventDriven;

/// <summary>
/// One event on its way to one subscription's inbox: tried again with back-off while it fails, given to the dead letters when it has failed too often, and tried for as long as it takes while the cluster does
/// not answer, since that is nobody's poison. Tells its parent when it is through.
/// </summary>
/// <param name="failures">Of deliveries of this event that ended without a word.</param>
internal sealed class DeliveryActor(EventDrivenServices services, Consumer consumer, ulong offset, EventEnvelope envelope, int failures) : Actor
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(25);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly DeliveryCore core = new(envelope, offset, failures, services.IsNotIdempotent);

    protected override void PreStart()
    {
        if (failures == 0)
        {
            Do(core.Try(services.Bus));
        }
        else
        {
            Wait(failures);
        }
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case InboxReply { Outcome: InboxOutcome.Handled }:
                services.Handled.Add(1);
                Do(core.Hear(message));
                break;
            case InboxReply { Outcome: InboxOutcome.Repeated }:
                services.Repeated.Add(1);
                Do(core.Hear(message));
                break;
            case LogReply { Status: LogStatus.Ok }:
                services.DeadLetters.Add(1);
                services.Tell($"{consumer.Subscription} gives up event {envelope.Id} of {envelope.Key} after {DeliveryCore.MaxAttempts} attempts: it is a dead letter");
                End(isFenced: false);
                break;
            case LogReply { Status: LogStatus.Fenced }:
                End(isFenced: true);
                break;
            case Again:
                Do(core.Try(services.Bus));
                break;
            case InboxReply or EntityRefused or EntityUnavailable or LogUnavailable or LogReply:
                Do(core.Hear(message));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Do(DeliveryStep step)
    {
        switch (step)
        {
            case DeliveryStep.Ask ask:
                services.Inboxes.Tell(new ToEntity(EventDrivenServices.Inbox(consumer.Subscription, envelope.Key), ask.Command), Self);
                break;
            case DeliveryStep.Wait wait:
                if (wait.IsFailure)
                {
                    services.Retried.Add(1);
                }

                Wait(wait.Times);
                break;
            case DeliveryStep.Bury:
                services.Log.Tell(Burial.Of(consumer, services.Node, offset, envelope), Self);
                break;
            default:
                End(isFenced: false);
                break;
        }
    }

    /// <summary>Exponential, with jitter: those that failed together do not come again together.</summary>
    private void Wait(int times)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(times - 1, 10));
        Timers.StartSingle(nameof(Again), Again.Instance, (pause < LongestPause ? pause : LongestPause) * (0.5 + (0.5 * Context.System.Random.NextDouble())));
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
