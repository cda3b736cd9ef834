using Cluster.Engine.Port;
using Cluster.Modes.Streams;

namespace Cluster.Modes.EventDriven;

/// <summary>This node as a member of one subscription's group: shows signs of life, and has a consumer for each partition that is its share.</summary>
internal sealed class SubscriptionActor(EventDrivenServices services, string subscription) : Actor
{
    private static readonly TimeSpan SignEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>Some signs of life, and a failover: a dead consumer's partitions lie idle for as long.</summary>
    private static readonly TimeSpan Session = TimeSpan.FromSeconds(2.5);

    private readonly Dictionary<int, IActorRef> consumers = [];
    private long generation;

    protected override SupervisorStrategy SupervisorStrategy => SupervisorStrategy.Stopping;

    protected override void PreStart()
    {
        Timers.StartPeriodic(nameof(Sign), Sign.Instance, SignEvery);
        Join();
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case Sign:
                Join();
                break;
            case GroupShare share when share.Generation > generation:
                Share(share);
                break;
            case GroupShare share when share.Generation == generation:
                foreach (var partition in share.Partitions.Where(partition => !consumers.ContainsKey(partition)))
                {
                    Start(partition); // It ended by a failure.
                }

                break;
            case Terminated ended when consumers.FirstOrDefault(consumer => consumer.Value.Equals(ended.Actor)) is { Value: not null } gone:
                consumers.Remove(gone.Key);
                break;
            case GroupShare or Terminated or EntityUnavailable or EntityRefused:
                break; // Late, ended on purpose, or asked again with the next sign.
            default:
                Unhandled(message);
                break;
        }
    }

    private void Join() =>
        services.Groups.Tell(new ToEntity(subscription, new JoinGroup(services.Node, (long)Session.TotalMilliseconds, EventDrivenServices.Partitions)), Self);

    /// <summary>A new generation is claimed anew everywhere: what was in hand under the old one comes again, and is known by the inbox.</summary>
    private void Share(GroupShare share)
    {
        foreach (var consumer in consumers.Values)
        {
            Context.Stop(consumer);
        }

        consumers.Clear();
        generation = share.Generation;
        foreach (var partition in share.Partitions)
        {
            Start(partition);
        }

        services.Tell(FormattableString.Invariant($"{subscription}, generation {generation}: {services.Node} consumes partitions {string.Join(", ", share.Partitions)}"));
    }

    private void Start(int partition)
    {
        var consumer = new Consumer(subscription, partition, (ulong)generation);
        consumers.Add(partition, Context.Watch(Context.ActorOf(Props.Create(() => new ConsumerActor(services, consumer)))));
    }

    private sealed class Sign
    {
        public static readonly Sign Instance = new();
    }
}
