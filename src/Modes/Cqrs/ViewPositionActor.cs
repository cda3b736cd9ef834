using Cluster.Engine.Port;

namespace Cluster.Modes.Cqrs;

/// <summary>Asks one view where it stands, and tells its parent which view that was: a region's reply does not say. One that is not answered is asked for again with the next look.</summary>
internal sealed class ViewPositionActor(CqrsServices services, string projection, long generation, int partition) : Actor
{
    protected override void PreStart() => services.Views.Tell(new ToEntity(CqrsServices.View(projection, generation, partition), new WhereIs()), Self);

    protected override void Receive(object message)
    {
        if (message is ViewPosition where)
        {
            Context.Parent.Tell(new Positioned(generation, partition, where.Position), Self);
        }

        Context.Stop(Self);
    }
}
