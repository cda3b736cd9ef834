using Cluster.Engine.Port;
using Cluster.Modes.Hosting;

namespace Cluster.Modes.Cqrs;

/// <summary>Commands on aggregates that are their events, queries on projections of them: two sides that share the event store and nothing else.</summary>
public static class CqrsMode
{
    public const string Slug = "cqrs";

    public static Mode Mode { get; } = new(
        Slug,
        "messaging",
        "Commands on event-sourced orders under optimistic concurrency, queries on projections that lag by a known number of events, can be waited for, and are rebuilt beside themselves.",
        CqrsLab.Scenario)
    {
        Parts = new ModeParts
        {
            Entities = [ViewCore.Type, ProjectionCore.Type, CqrsServices.GroupType],
            Operations = CqrsOperations.All,
            Door = static node => Props.Create(() => new CqrsActor(node)),
            Flaws = CqrsFlaws.All,
        },
    };
}
