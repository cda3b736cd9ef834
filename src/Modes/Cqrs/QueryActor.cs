using System.Collections.Immutable;
using System.Globalization;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Streams;
using Cluster.Shared.Results;

namespace Cluster.Modes.Cqrs;

/// <summary>The query side, and a look at the event store and at how far the projections are. A query reads the views only, never the aggregates.</summary>
internal sealed class QueryActor(CqrsServices services, ModeRequest request, IActorRef client) : OrderConversation(services.Log, client)
{
    /// <summary>Between two looks at a view that has not come to the token yet.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    private readonly List<ulong> ends = [];
    private readonly SortedDictionary<string, Row> rows = new(StringComparer.Ordinal);
    private readonly List<ProjectionView> views = [];
    private ProjectionsState? changed;
    private TimeSpan waited;
    private ulong lag;
    private bool mayHaveMore;

    protected override void PreStart()
    {
        switch (request.Operation)
        {
            case "history":
                ReadOrder(request.Text("id"), (events, _) => History(events));
                break;
            case "order":
                WithProjections(state => Order(state.Projections[OrderProjections.Orders]));
                break;
            case "rebuild":
                Change(new Rebuild(request.Text("projection")));
                break;
            case "pause":
                Change(new Hold(request.Text("projection"), IsPaused: true));
                break;
            case "resume":
                Change(new Hold(request.Text("projection"), IsPaused: false));
                break;
            case "view":
                WithEnds(() => WithProjections(state => Gather(state.Projections[request.Text("projection")].Live, 0)));
                break;
            default:
                WithEnds(() => WithProjections(state => Describe(state, 0)));
                break;
        }
    }

    private void WithProjections(Action<ProjectionsState> then) => Ask(services.Projections, ProjectionCore.Id, new ReadProjections(), then);

    private void Change(ProjectionCommand command) =>
        Ask<ProjectionsState>(services.Projections, ProjectionCore.Id, command, state =>
        {
            changed = state;
            WithEnds(() => Describe(state, 0));
        });

    /// <summary>What was asked for is done when the registry has it: where the views and the log are out of reach, only how far behind they are is missing.</summary>
    protected override void Fail(ModeAnswer failure)
    {
        if (changed is { } state)
        {
            Answer(ModeAnswer.Ok(new ProjectionsAnswer(null, [.. OrderProjections.All.Select(name => View(name, state.Projections[name], null, null))]), CqrsJson.Default.ProjectionsAnswer));
        }
        else
        {
            base.Fail(failure);
        }
    }

    private static ProjectionView View(string name, Projection projection, ulong? lag, ulong? buildingLag) => new(name, projection.Live, projection.Building, projection.IsPaused, lag, buildingLag);

    private void History(IReadOnlyList<OrderEvent> events)
    {
        var order = OrderAggregate.Of(events);
        Answer(events.Count == 0
            ? ModeAnswer.NotFound($"nothing has happened to order {request.Text("id")}")
            : ModeAnswer.Ok(new HistoryAnswer(request.Text("id"), order.Version, order.Status, [.. events.Select(happened => new HistoryEvent(OrderAggregate.StatusAfter(happened), happened.Command))]), CqrsJson.Default.HistoryAnswer));
    }

    private void Order(Projection projection)
    {
        var id = request.Text("id");
        if (!TryReadToken(out var position))
        {
            Answer(ModeAnswer.Failed(new ClusterError(ErrorCode.BadRequest, $"{request.Find("token")} is no token for order {id}: give what the command answered")));
            return;
        }

        Ask<ViewState>(services.Views, CqrsServices.View(OrderProjections.Orders, projection.Live, CqrsServices.PartitionOf(id)), new ReadRows(id), view =>
        {
            if (view.Position < position && !services.IgnoresTokens)
            {
                if (waited < request.Duration("wait"))
                {
                    waited += LookAgain;
                    Wait(LookAgain, () => WithProjections(state => Order(state.Projections[OrderProjections.Orders])));
                }
                else
                {
                    Answer(ModeAnswer.Unavailable($"the view stands at {view.Position} and has not come to {position} within {waited.TotalMilliseconds} ms: ask again, or without the token"));
                }
            }
            else if (view.Rows.TryGetValue(id, out var row))
            {
                Answer(ModeAnswer.Ok(new OrderAnswer(id, row.Status!, row.Count, row.Amount, view.Position), CqrsJson.Default.OrderAnswer));
            }
            else
            {
                Answer(ModeAnswer.NotFound($"the view, which stands at {view.Position}, has no order {id}"));
            }
        });
    }

    private bool TryReadToken(out ulong position)
    {
        position = 0;
        return request.Find("token") is not { } token
            || (token.Split(':') is [var partition, var at] && int.TryParse(partition, CultureInfo.InvariantCulture, out var number) && number == CqrsServices.PartitionOf(request.Text("id"))
                && ulong.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out position));
    }

    private void WithEnds(Action then)
    {
        if (ends.Count == CqrsServices.Partitions)
        {
            then();
            return;
        }

        Ask(LogSteps.Describe(CqrsServices.Events(ends.Count)), reply =>
        {
            ends.Add(reply.End);
            WithEnds(then);
        });
    }

    private void Gather(long generation, int partition)
    {
        var projection = request.Text("projection");
        if (partition == CqrsServices.Partitions)
        {
            var shown = rows.Take(ViewCore.PageRows).ToImmutableSortedDictionary(StringComparer.Ordinal);
            Answer(ModeAnswer.Ok(new ViewAnswer(projection, generation, lag, shown, mayHaveMore || rows.Count > shown.Count ? shown.Keys.Last() : null), CqrsJson.Default.ViewAnswer));
            return;
        }

        // Of each partition as many rows as the whole answer shows: whatever is among the first of all is among the first of its partition.
        Ask<ViewState>(services.Views, CqrsServices.View(projection, generation, partition), new ReadRows(null, request.Find("after")), view =>
        {
            lag += Behind(partition, view.Position);
            mayHaveMore |= view.Rows.Count == ViewCore.PageRows;
            foreach (var (name, row) in view.Rows)
            {
                var sum = rows.GetValueOrDefault(name) ?? new Row(null, 0, 0);
                rows[name] = new Row(row.Status ?? sum.Status, sum.Count + row.Count, sum.Amount + row.Amount);
            }

            Gather(generation, partition + 1);
        });
    }

    /// <summary>How far each projection is behind, live and being built.</summary>
    private void Describe(ProjectionsState state, int at)
    {
        if (at == OrderProjections.All.Count)
        {
            Answer(ModeAnswer.Ok(new ProjectionsAnswer(ends.Aggregate(0UL, (sum, end) => sum + end), views), CqrsJson.Default.ProjectionsAnswer));
            return;
        }

        var name = OrderProjections.All[at];
        var projection = state.Projections[name];
        Lag(name, projection.Live, live => Lag(name, projection.Building, building =>
        {
            views.Add(View(name, projection, live, building));
            Describe(state, at + 1);
        }));
    }

    private void Lag(string projection, long? generation, Action<ulong?> then, int partition = 0, ulong sum = 0)
    {
        if (generation is not { } of || partition == CqrsServices.Partitions)
        {
            then(generation is null ? null : sum);
            return;
        }

        Ask<ViewPosition>(services.Views, CqrsServices.View(projection, of, partition), new WhereIs(), where => Lag(projection, generation, then, partition + 1, sum + Behind(partition, where.Position)));
    }

    private ulong Behind(int partition, ulong position) => ends[partition] - Math.Min(position, ends[partition]);
}
