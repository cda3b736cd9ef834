using Cluster.Engine.Port;
using Cluster.Shared.Results;

namespace Cluster.Modes.DistributedDatabase.Timestamps;

/// <summary>
/// This node's way to the oracle. One question is under way at a time, for as many ticks as were wanted when it was sent (Percolator 2.3): who comes meanwhile waits for the next one, since a tick must
/// have been given after it was asked for. So a busy node asks no more often than an idle one, and nobody has ticks in stock, which would be older than they look.
/// </summary>
internal sealed class TickActor(IShardRegion oracle) : Actor
{
    private readonly List<IActorRef> served = [];
    private readonly Queue<IActorRef> waiting = new();

    protected override void Receive(object message)
    {
        switch (message)
        {
            case WantTick:
                waiting.Enqueue(Sender);
                break;
            case TicksAllotted allotted:
                foreach (var (asker, tick) in served.Zip(Enumerable.Range(0, allotted.Count).Select(at => allotted.First + at)))
                {
                    asker.Tell(new TickGiven(tick), Self);
                }

                served.Clear();
                break;
            case EntityUnavailable unavailable:
                Fail(unavailable.Error);
                break;
            case EntityRefused refused:
                Fail(new ClusterError(ErrorCode.Unavailable, refused.Reason));
                break;
            default:
                Unhandled(message);
                return;
        }

        if (served.Count == 0 && waiting.Count > 0)
        {
            while (served.Count < TimestampCore.MostAtOnce && waiting.TryDequeue(out var next))
            {
                served.Add(next);
            }

            oracle.Tell(new ToEntity(TimestampCore.Id, new AllotTicks(served.Count)), Self);
        }
    }

    /// <summary>Ticks that were allotted and not received are nobody's: nothing needs them to be without gaps.</summary>
    private void Fail(ClusterError error)
    {
        foreach (var asker in served)
        {
            asker.Tell(new NoTick(error), Self);
        }

        served.Clear();
    }
}

/// <summary>To a node's <see cref="TickActor"/>: a tick that is newer than all that anybody has had until now.</summary>
internal sealed record WantTick
{
    public static readonly WantTick Instance = new();
}

/// <summary>Answers <see cref="WantTick"/>.</summary>
internal sealed record TickGiven(long Tick);

/// <summary>Answers <see cref="WantTick"/>: the oracle has not answered.</summary>
internal sealed record NoTick(ClusterError Error);
