using System.Collections.Immutable;
using Cluster.Engine.Port;

namespace Cluster.Modes.Cqrs;

/// <summary>The registry of projections, pure: which generation of each answers, which is being built beside it, and which is held.</summary>
internal sealed class ProjectionCore : IDecider<ProjectionsState, ProjectionCommand, ProjectionChanged>
{
    public const string Id = "all";

    public static readonly EntityType<ProjectionsState, ProjectionCommand, ProjectionChanged> Type =
        new EntityType<ProjectionsState, ProjectionCommand, ProjectionChanged>("cqrs-projections", new ProjectionCore(), 1, CqrsJson.Default.ProjectionsState)
            .Message("rebuild", 1, CqrsJson.Default.Rebuild)
            .Message("switch", 1, CqrsJson.Default.Switch)
            .Message("hold", 1, CqrsJson.Default.Hold)
            .Message("read", 1, CqrsJson.Default.ReadProjections)
            .Message("changed", 1, CqrsJson.Default.ProjectionChanged)
            .Message("projections", 1, CqrsJson.Default.ProjectionsState);

    public ProjectionsState Empty { get; } = new(OrderProjections.All.ToImmutableSortedDictionary(name => name, _ => new Projection(1, null, false), StringComparer.Ordinal));

    public Decided<ProjectionChanged> Decide(ProjectionsState state, ProjectionCommand command, EntityContext context) => command switch
    {
        ReadProjections => Decided<ProjectionChanged>.Answer(state),
        Rebuild rebuild => Change(state, rebuild.Name, now => now.Building is null ? now with { Building = now.Live + 1 } : now),
        Switch done => Change(state, done.Name, now => now.Building == done.Generation ? now with { Live = done.Generation, Building = null } : now),
        Hold hold => Change(state, hold.Name, now => now with { IsPaused = hold.IsPaused }),
        _ => Decided<ProjectionChanged>.Refuse($"the projections do not know {command.GetType().Name}"),
    };

    public ProjectionsState Apply(ProjectionsState state, ProjectionChanged @event) => new(state.Projections.SetItem(@event.Name, @event.Projection));

    private Decided<ProjectionChanged> Change(ProjectionsState state, string name, Func<Projection, Projection> change)
    {
        if (!state.Projections.TryGetValue(name, out var now))
        {
            return Decided<ProjectionChanged>.Refuse($"there is no projection {name}");
        }

        var next = new ProjectionChanged(name, change(now));
        return next.Projection == now ? Decided<ProjectionChanged>.Answer(state) : Decided<ProjectionChanged>.Accept(next).With(Apply(state, next));
    }
}
