using System.Globalization;
using System.Text.Json;
using Cluster.Engine.Logs;
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
    public void A_view_goes_on_as_long_as_its_events_are_of_rows_that_it_has()
    {
        var full = Full("r", new RowChange("", "placed", 1, 100));
        var known = new Project(1, 201, [.. Enumerable.Range(0, 200).Select(row => new RowChange($"r{row:D6}", "paid", 1, 0))]);

        Assert.Null(core.Decide(full, known, Context).Refusal);
        Assert.NotNull(core.Decide(full, new Project(1, 2, [new RowChange("one more", null, 1, 0)]), Context).Refusal);
    }

    [Fact]
    public void A_row_that_comes_twice_in_one_advance_is_one_row()
    {
        var rows = Enumerable.Range(0, ViewCore.MaxRows - 1).Select(row => new RowChange($"r{row}", null, 1, 0));
        var state = core.Apply(core.Empty, new ViewAdvanced(1, [.. rows]));

        Assert.Null(core.Decide(state, new Project(1, 3, [new RowChange("last", null, 1, 0), new RowChange("last", null, 1, 0)]), Context).Refusal);
    }

    [Fact]
    public void A_full_view_of_the_longest_names_is_within_the_bound_of_a_state_and_its_pages_within_that_of_an_answer()
    {
        var orders = Full(new string('x', OrderNames.MaxJsonBytes - 6), new RowChange("", "cancelled", 3, 1_000_000)); // Placed, paid, cancelled.
        var items = Full(new string('x', OrderNames.MaxJsonBytes - 6), new RowChange("", null, LogBounds.MaxStreams, 1_000_000m * LogBounds.MaxStreams)); // As if each had been sold by every order.

        foreach (var full in (ViewState[])[orders, items])
        {
            Assert.InRange(ViewCore.Type.WriteState(full).Length, 1, EntityLimits.MaxStateBytes);
            Assert.InRange(JsonSerializer.SerializeToUtf8Bytes(Page(full, null), CqrsJson.Default.ViewState).Length, 1, EntityLimits.MaxMessageBytes);
        }
    }

    [Fact]
    public void Page_after_page_shows_each_row_once()
    {
        var full = Full("r", new RowChange("", null, 1, 0));
        var read = new List<string>();
        for (var page = Page(full, null); page.Rows.Count > 0; page = Page(full, read[^1]))
        {
            read.AddRange(page.Rows.Keys);
        }

        Assert.Equal(full.Rows.Keys, read);
    }

    [Theory]
    [InlineData("place", 18, null)]
    [InlineData("place", 19, "customer takes 114 bytes in a view, and may take 110: a letter beyond ASCII takes six or more")]
    [InlineData("pay", 19, null)]
    public void A_name_is_as_long_as_its_json_is(string verb, int letters, string? why) =>
        Assert.Equal(why, OrderNames.WhyNot(new OrderCommand(new string('o', 100), verb, new string('é', letters), "tea", 1)));

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

    private ViewState Page(ViewState state, string? after) => (ViewState)core.Decide(state, new ReadRows(null, after), Context).Reply!;

    /// <summary>As many rows as there may be, each as this one change makes it.</summary>
    private ViewState Full(string prefix, RowChange change) =>
        core.Apply(core.Empty, new ViewAdvanced(1, [.. Enumerable.Range(0, ViewCore.MaxRows).Select(row => change with { Row = string.Create(CultureInfo.InvariantCulture, $"{prefix}{row:D6}") })]));

    private ViewState Do(ViewState state, ViewCommand command) => core.Decide(state, command, Context).Events.Aggregate(state, core.Apply);
}
