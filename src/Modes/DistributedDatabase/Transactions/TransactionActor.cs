using Cluster.Engine.Port;
using Cluster.Modes.DistributedDatabase.Ranges;
using Cluster.Modes.DistributedDatabase.Timestamps;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;
using Cluster.Shared.Results;

namespace Cluster.Modes.DistributedDatabase.Transactions;

/// <summary>Coordinates one transaction on the node that was asked: the shell of <see cref="TransactionCore"/>. It may die at any point; whoever meets its intents ends it by its record.</summary>
/// <param name="render">Makes the client's answer.</param>
internal sealed class TransactionActor(DatabaseServices services, TransactionRequest request, IActorRef client, Func<TransactionAnswer, ModeAnswer> render) : Actor
{
    private static readonly TimeSpan BeatEvery = RangeDecider.ExpiresAfter / 3;

    /// <summary>After its client has given up it tidies up for so long; the rest is left to others.</summary>
    private static readonly TimeSpan TidiesFor = TimeSpan.FromSeconds(3);

    private readonly TransactionCore core = new(request, services.Flaws);

    /// <summary>By range, the calls that it has not answered, in their order: a region answers those to one entity in turn.</summary>
    private readonly Dictionary<string, Queue<int>> open = new(StringComparer.Ordinal);
    private TimeSpan began;

    protected override void PreStart()
    {
        began = Context.System.Time.Elapsed();
        Timers.StartSingle(nameof(Due.OutOfTime), Due.OutOfTime, OpenRequests.Patience);
        Timers.StartPeriodic(nameof(Due.Beat), Due.Beat, BeatEvery);
        Do(core.Begin());
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case TickGiven given:
                Do(core.Ticked(given.Tick));
                break;
            case NoTick:
                Do(core.NotTicked());
                break;
            case RangeReply reply:
                Answered(reply);
                break;
            case EntityUnavailable unavailable:
                Do(core.Failed(open[unavailable.EntityId].Dequeue(), unavailable.Error));
                break;
            case EntityRefused refused:
                Do(core.Failed(open[refused.EntityId].Dequeue(), new ClusterError(ErrorCode.Conflict, refused.Reason)));
                break;
            case Wait waited:
                Do(core.Waited(waited.Ticket));
                break;
            case Due.Beat:
                Do(core.Beat());
                break;
            case Due.OutOfTime:
                Timers.StartSingle(nameof(Due.End), Due.End, TidiesFor);
                Do(core.OutOfTime());
                break;
            case Due.End:
                Context.Stop(Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void PostStop() => services.Measure(core);

    private void Answered(RangeReply reply)
    {
        foreach (var calls in open.Values)
        {
            if (calls.TryPeek(out var first) && first == reply.Call)
            {
                calls.Dequeue();
                break;
            }
        }

        Do(core.Replied(reply.Call, reply));
    }

    private void Do(IReadOnlyList<TransactionEffect> effects)
    {
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case CallRange call:
                    var entity = Keyspace.IdOf(call.Range);
                    if (!open.TryGetValue(entity, out var calls))
                    {
                        open.Add(entity, calls = new Queue<int>());
                    }

                    calls.Enqueue(call.Command.Call);
                    services.Ranges.Tell(new ToEntity(entity, call.Command), Self);
                    break;
                case AskTick:
                    services.Ticks.Tell(WantTick.Instance, Self);
                    break;
                case Wait wait:
                    Timers.StartSingle(wait.Ticket, wait, wait.IsExact ? wait.Time : wait.Time * (1 + Context.System.Random.NextDouble()));
                    break;
                case TellClient tell:
                    services.Measure(tell.Answer, Context.System.Time.Elapsed() - began);
                    client.Tell(render(tell.Answer), Self);
                    break;
                default:
                    Context.Stop(Self);
                    break;
            }
        }
    }

    private enum Due
    {
        Beat,
        OutOfTime,
        End,
    }
}
