using Cluster.Engine.Port;
using Cluster.Modes.Streams;

namespace Cluster.Modes.Cqrs;

/// <summary>
/// This node's part in one projection: a member of the group that shares the partitions out, with a projector for each of its own, of the live generation and of the one that is being built. Whoever has
/// partition 0 puts the new generation in the live one's place once it has come as far everywhere: until then the old one answers.
/// </summary>
internal sealed class ProjectionActor(CqrsServices services, string name) : Actor
{
    private static readonly TimeSpan SignEvery = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Session = TimeSpan.FromSeconds(2.5);

    private readonly Dictionary<(long Generation, int Partition), IActorRef> projectors = [];
    private readonly Dictionary<(long Generation, int Partition), ulong> positions = [];
    private Projection? projection;
    private IReadOnlyList<int> share = [];

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
                Compare();
                break;
            case GroupShare group:
                share = group.Partitions;
                Settle();
                break;
            case ProjectionsState state:
                projection = state.Projections[name];
                Settle();
                break;
            case Positioned at:
                positions[(at.Generation, at.Partition)] = at.Position;
                Conclude();
                break;
            case Terminated ended when projectors.FirstOrDefault(projector => projector.Value.Equals(ended.Actor)) is { Value: not null } gone:
                projectors.Remove(gone.Key);
                break;
            case Terminated or EntityUnavailable or EntityRefused:
                break; // Ended on purpose, or asked again with the next sign.
            default:
                Unhandled(message);
                break;
        }
    }

    private void Join()
    {
        services.Groups.Tell(new ToEntity(name, new JoinGroup(services.Node, (long)Session.TotalMilliseconds, CqrsServices.Partitions)), Self);
        services.Projections.Tell(new ToEntity(ProjectionCore.Id, new ReadProjections()), Self);
    }

    /// <summary>Exactly the projectors that are wanted. One of another node may be at work on a view for a moment yet: the view compares positions.</summary>
    private void Settle()
    {
        if (projection is not { } now)
        {
            return;
        }

        IEnumerable<long> generations = now.Building is { } building ? [now.Live, building] : [now.Live];
        var wanted = now.IsPaused ? [] : generations.SelectMany(generation => share.Select(partition => (generation, partition))).ToHashSet();
        foreach (var (key, projector) in projectors.Where(projector => !wanted.Contains(projector.Key)).ToList())
        {
            Context.Stop(projector);
            projectors.Remove(key);
        }

        foreach (var key in wanted.Where(key => !projectors.ContainsKey(key)))
        {
            projectors.Add(key, Context.Watch(Context.ActorOf(Props.Create(() => new ProjectorActor(services, name, key.generation, key.partition)))));
        }
    }

    /// <summary>First where the live generation stands, then the new one: what the live one has taken meanwhile is a moment's.</summary>
    private void Compare()
    {
        positions.Clear();
        if (projection is { Building: not null } now && share.Contains(0))
        {
            AskPositions(now.Live);
        }
    }

    private void AskPositions(long generation)
    {
        for (var partition = 0; partition < CqrsServices.Partitions; partition++)
        {
            var of = partition;
            Context.ActorOf(Props.Create(() => new ViewPositionActor(services, name, generation, of)));
        }
    }

    private void Conclude()
    {
        if (projection is not { Building: { } building } now || positions.Keys.Count(key => key.Generation == now.Live) < CqrsServices.Partitions)
        {
            return;
        }

        if (positions.Count == CqrsServices.Partitions)
        {
            AskPositions(building);
        }
        else if (positions.Count == 2 * CqrsServices.Partitions && Enumerable.Range(0, CqrsServices.Partitions).All(partition => positions[(building, partition)] >= positions[(now.Live, partition)]))
        {
            services.Tell(FormattableString.Invariant($"projection {name}: generation {building} has been built, and answers from now on instead of {now.Live}"));
            services.Projections.Tell(new ToEntity(ProjectionCore.Id, new Switch(name, building)), Self);
            for (var partition = 0; partition < CqrsServices.Partitions; partition++)
            {
                Context.ActorOf(Props.Create(() => new ForgetViewActor(services, name, now.Live - 1, partition)));
            }
        }
    }

    private sealed class Sign
    {
        public static readonly Sign Instance = new();
    }
}
