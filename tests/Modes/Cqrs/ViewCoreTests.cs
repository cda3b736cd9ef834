using Cluster.Engine.Port;
using Cluster.Modes.Cqrs;

namespace Cluster.Modes.Tests.Cqrs;

/// <summary>A projection's store: however often it is told, each event is in it once; and the registry of what answers.</summary>
public class ViewCoreTests
{
    private static readonly EntityContext Context = new("items@1/0", DateTimeOffset.UnixEpoch);
    private readonly ViewCore core = new();

    [Fact]
    public void An_advance_from_elsewhere_changes_nothing_and_says_where_it_stands()
    {
        var state = Do(core.Empty, new Project(0, 3, [new RowChange("tea", null, 1, 5)]));
        var again = core.Decide(state, new Project(0, 3, [new RowChange("tea", null, 1, 5)]), Context);
        var gap = core.Decide(state, new Project(4, 5, []), Context);

        Assert.Empty(again.Events);
        Assert.Empty(gap.Events);
        Assert.Equal(new ViewPosition(3), again.Reply);
        Assert.Equal(new Row(null, 1, 5), state.Rows["tea"]);
    }

    [Fact]
    public void Two_projectors_over_the_same_events_make_the_rows_that_one_makes()
    {
        var random = new Random(2);
        var events = Enumerable.Range(0, 300).Select(_ => new RowChange($"r{random.Next(5)}", null, 1, random.Next(10))).ToList();
        var state = core.Empty;
        ulong[] at = [0, 0];
        while (state.Position < (ulong)events.Count)
        {
            var who = random.Next(2);
            var to = Math.Min((ulong)events.Count, at[who] + 1 + (ulong)random.Next(7));
            var decided = core.Decide(state, new Project(at[who], to, [.. events.Skip((int)at[who]).Take((int)(to - at[who]))]), Context);
            state = decided.Events.Aggregate(state, core.Apply);
            at[who] = ((ViewPosition)decided.Reply!).Position;
        }

        Assert.Equal(core.Apply(core.Empty, new ViewAdvanced(300, [.. events])).Rows.ToDictionary(), state.Rows.ToDictionary());
    }

    [Fact]
    public void A_view_that_is_full_says_so()
    {
        var full = core.Apply(core.Empty, new ViewAdvanced(1, [.. Enumerable.Range(0, ViewCore.MaxRows).Select(row => new RowChange($"r{row}", null, 1, 0))]));

        Assert.NotNull(core.Decide(full, new Project(1, 2, [new RowChange("one more", null, 1, 0)]), Context).Refusal);
    }

    [Fact]
    public void A_rebuilt_generation_takes_over_once_and_only_the_one_that_is_being_built()
    {
        var registry = new ProjectionCore();
        var state = Registry(registry.Empty, new Rebuild("items"));
        Assert.Equal(new Projection(1, 2, false), state.Projections["items"]);
        Assert.Equal(state, Registry(state, new Rebuild("items")));
        Assert.Equal(state, Registry(state, new Switch("items", 3)));

        state = Registry(state, new Switch("items", 2));
        Assert.Equal(new Projection(2, null, false), state.Projections["items"]);
        Assert.Equal(state, Registry(state, new Switch("items", 2)));

        ProjectionsState Registry(ProjectionsState before, ProjectionCommand command) => registry.Decide(before, command, Context).Events.Aggregate(before, registry.Apply);
    }

    private ViewState Do(ViewState state, ViewCommand command) => core.Decide(state, command, Context).Events.Aggregate(state, core.Apply);
}
