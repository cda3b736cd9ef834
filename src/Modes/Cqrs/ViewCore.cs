using System.Collections.Immutable;
using Cluster.Engine.Logs;
using Cluster.Engine.Port;

namespace Cluster.Modes.Cqrs;

/// <summary>
/// One projection's store for one partition of the event store, pure. The rows and the position are one state, and an advance says from where: whoever projects, and how often, each event is in the rows
/// once.
/// </summary>
internal sealed class ViewCore : IDecider<ViewState, ViewCommand, ViewEvent>
{
    /// <summary>
    /// Rows of one view: as many as its partition of the event store admits orders, of which each has one row at most in each projection. So no view is full before the store says so to whoever places an
    /// order: a view that refused an event would stand still for good, while commands go on. With <see cref="OrderNames.MaxJsonBytes"/> so many rows are less than <see cref="EntityLimits.MaxStateBytes"/>.
    /// </summary>
    public const int MaxRows = LogBounds.MaxStreams;

    /// <summary>Rows of one answer: with the longest names less than <see cref="EntityLimits.MaxMessageBytes"/>.</summary>
    public const int PageRows = 5_000;

    public static readonly EntityType<ViewState, ViewCommand, ViewEvent> Type =
        new EntityType<ViewState, ViewCommand, ViewEvent>("cqrs-view", new ViewCore(), 1, CqrsJson.Default.ViewState)
            .Message("project", 1, CqrsJson.Default.Project)
            .Message("clear", 1, CqrsJson.Default.Clear)
            .Message("where", 1, CqrsJson.Default.WhereIs)
            .Message("read", 1, CqrsJson.Default.ReadRows)
            .Message("advanced", 1, CqrsJson.Default.ViewAdvanced)
            .Message("cleared", 1, CqrsJson.Default.ViewCleared)
            .Message("view", 1, CqrsJson.Default.ViewState)
            .Message("position", 1, CqrsJson.Default.ViewPosition);

    public ViewState Empty { get; } = new(0, ImmutableSortedDictionary.Create<string, Row>(StringComparer.Ordinal));

    public Decided<ViewEvent> Decide(ViewState state, ViewCommand command, EntityContext context) => command switch
    {
        WhereIs => Decided<ViewEvent>.Answer(new ViewPosition(state.Position)),
        ReadRows { Row: null } read => Decided<ViewEvent>.Answer(state with { Rows = Page(state, read.After) }),
        ReadRows read => Decided<ViewEvent>.Answer(state with { Rows = state.Rows.TryGetValue(read.Row, out var row) ? Empty.Rows.Add(read.Row, row) : Empty.Rows }),
        Clear => state.Position == 0 ? Decided<ViewEvent>.Answer(new ViewPosition(0)) : Decided<ViewEvent>.Accept(new ViewCleared()).With(new ViewPosition(0)),
        Project project when project.From != state.Position && !project.IsApart => Decided<ViewEvent>.Answer(new ViewPosition(state.Position)),
        Project project when state.Rows.Count + New(state, project) > MaxRows => Decided<ViewEvent>.Refuse($"view {context.EntityId} has {state.Rows.Count} rows, and may have {MaxRows}"),
        Project { IsApart: true } rows => Decided<ViewEvent>.Accept(new ViewAdvanced(state.Position, rows.Changes)).With(new ViewPosition(rows.To)),
        Project project => Decided<ViewEvent>.Accept(new ViewAdvanced(project.To, project.Changes)).With(new ViewPosition(project.To)),
        _ => Decided<ViewEvent>.Refuse($"a view does not know {command.GetType().Name}"),
    };

    public ViewState Apply(ViewState state, ViewEvent @event)
    {
        if (@event is not ViewAdvanced advanced)
        {
            return Empty;
        }

        var rows = state.Rows.ToBuilder();
        foreach (var change in advanced.Changes)
        {
            var row = rows.GetValueOrDefault(change.Row) ?? new Row(null, 0, 0);
            rows[change.Row] = new Row(change.Status ?? row.Status, row.Count + change.Count, row.Amount + change.Amount);
        }

        return new ViewState(advanced.To, rows.ToImmutable());
    }

    /// <summary>Rows that the view does not have yet: most changes are of rows that it has.</summary>
    private static int New(ViewState state, Project project) => project.Changes.Select(change => change.Row).Distinct(StringComparer.Ordinal).Count(row => !state.Rows.ContainsKey(row));

    private static ImmutableSortedDictionary<string, Row> Page(ViewState state, string? after)
    {
        var rows = after is null ? state.Rows : state.Rows.SkipWhile(row => string.CompareOrdinal(row.Key, after) <= 0);
        return after is null && state.Rows.Count <= PageRows ? state.Rows : rows.Take(PageRows).ToImmutableSortedDictionary(StringComparer.Ordinal);
    }
}
