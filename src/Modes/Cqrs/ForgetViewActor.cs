using Cluster.Engine.Port;

namespace Cluster.Modes.Cqrs;

/// <summary>Empties a view that nobody asks any more: one generation behind the one that has just been replaced, so that queries under way still find theirs.</summary>
internal sealed class ForgetViewActor(CqrsServices services, string projection, long generation, int partition) : Actor
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    protected override void PreStart() => Forget();

    protected override void Receive(object message)
    {
        switch (message)
        {
            case EntityUnavailable:
                Timers.StartSingle(nameof(Again), Again, Again);
                break;
            case TimeSpan:
                Forget();
                break;
            default:
                Context.Stop(Self);
                break;
        }
    }

    private void Forget() => services.Views.Tell(new ToEntity(CqrsServices.View(projection, generation, partition), new Clear()), Self);
}
