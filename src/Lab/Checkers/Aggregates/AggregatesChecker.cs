using Cluster.Lab.Histories;
using static Cluster.Lab.Checkers.Aggregates.AggregatesHistory;

namespace Cluster.Lab.Checkers.Aggregates;

/// <summary>
/// Event-sourced orders: command [verb, id, expected version, customer, item, amount] -> version, token; look [token] -> version, status; history -> events; view and rebuilt -> rows. An acknowledged command
/// is one event at the version that was told; an order does only what it may; a look with a token is at that version or past it; every view, kept up or rebuilt, is what the events make.
/// </summary>
public sealed class AggregatesChecker : IChecker
{
    public string Name => "aggregates";

    public bool Understands(Operation operation) => AggregatesHistory.Understands(operation);

    public CheckResult Check(History history)
    {
        if (Read(history) is not { } read)
        {
            return new CheckResult(Name, Verdict.Unknown, "an answer is no version, no list of events and no view", []);
        }

        var evidence = new Evidence();
        var broken = CheckOrders(read, evidence) + CheckCommands(read, evidence, out var unread) + CheckLooks(read, evidence) + CheckViews(read, evidence);
        var events = read.Orders.Values.Sum(order => order.Count);
        var acknowledged = read.Commands.Values.Count(command => command.Told.Outcome == Outcome.Ok);
        return evidence.Conclude(
            Name,
            $"{acknowledged} commands acknowledged, {WhileHeld(history, read)} of them while a projection was held; {events} events, {read.Looks.Count} looks with a token, {read.Views.Count} views compared, {broken} broken",
            broken > 0,
            unread > 0 ? $"the events of {unread} orders were not read" : acknowledged == 0 ? "nothing was commanded" : read.Views.Count == 0 ? "no view was read" : null);
    }

    /// <summary>What has happened to an order may have happened in that order.</summary>
    private static int CheckOrders(AggregatesHistory read, Evidence evidence)
    {
        var broken = 0;
        foreach (var (order, events) in read.Orders.OrderBy(order => order.Key, StringComparer.Ordinal))
        {
            var status = "none";
            foreach (var (happened, command) in events)
            {
                if ((status, happened) is not (("none", "placed") or ("placed", "paid" or "cancelled") or ("paid", "shipped" or "cancelled")))
                {
                    broken++;
                    evidence.Add($"not allowed: order {order} was {happened} by command {command} when it was {status}");
                }

                status = happened;
                if (!read.Commands.TryGetValue(command, out var by) || by.Told.Key != order || by.Told.Outcome == Outcome.Fail)
                {
                    broken++;
                    evidence.Add($"phantom: order {order} was {happened} by command {command}, which {(by is null ? "nobody gave" : "was refused")}");
                }
            }
        }

        return broken;
    }

    /// <summary>An acknowledged command is one event, at the version that was told, which was the next after the one that it expected.</summary>
    private static int CheckCommands(AggregatesHistory read, Evidence evidence, out int unread)
    {
        var (broken, missing) = (0, new HashSet<string>(StringComparer.Ordinal));
        foreach (var (id, command) in read.Commands)
        {
            if (!read.Orders.TryGetValue(command.Told.Key, out var events))
            {
                missing.Add(command.Told.Key);
                continue;
            }

            var places = events.Index().Where(happened => happened.Item.Command == id).Select(happened => happened.Index + 1L).ToList();
            if (places.Count > 1)
            {
                broken++;
                evidence.Add($"again: command {id} is {places.Count} events of order {command.Told.Key}");
            }
            else if (command.Told.Outcome == Outcome.Ok && (places.Count == 0 || places[0] != command.Version))
            {
                broken++;
                evidence.Add(places.Count == 0 ? $"lost: {command.Told} was acknowledged, and is no event" : $"elsewhere: {command.Told} was acknowledged at version {command.Version}, and stands at {places[0]}");
            }
            else if (places.Count == 1 && command.Told.Input[2] is { } expected && expected != FormattableString.Invariant($"{places[0] - 1}"))
            {
                broken++;
                evidence.Add($"stale: {command.Told} expected version {expected}, and took effect at {places[0] - 1}");
            }
        }

        unread = missing.Count;
        return broken;
    }

    private static int CheckLooks(AggregatesHistory read, Evidence evidence)
    {
        var versions = new Dictionary<(string, string), long>();
        foreach (var command in read.Commands.Values.Where(command => command.Version > 0))
        {
            var key = (command.Told.Key, command.Token);
            versions[key] = Math.Max(command.Version, versions.GetValueOrDefault(key));
        }

        var broken = 0;
        foreach (var (look, token, version) in read.Looks)
        {
            if (versions.TryGetValue((look.Key, token), out var written) && version < written)
            {
                broken++;
                evidence.Add($"own write not seen: {look} is at version {version}, and the command of its token was acknowledged at {written}");
            }
        }

        return broken;
    }

    private static int CheckViews(AggregatesHistory read, Evidence evidence)
    {
        var broken = 0;
        foreach (var (view, projection, rows) in read.Views)
        {
            var expected = Expected(read, projection);
            var wrong = expected.Keys.Union(rows.Keys, StringComparer.Ordinal).Where(row => expected.GetValueOrDefault(row) != rows.GetValueOrDefault(row)).Order(StringComparer.Ordinal).ToList();
            foreach (var row in wrong)
            {
                broken++;
                evidence.Add($"view: {projection}{(view.Op == "rebuilt" ? ", rebuilt," : "")} has {Words(rows, row)} for {row}, where the events make {Words(expected, row)}");
            }
        }

        return broken;
    }

    private static string Words(IReadOnlyDictionary<string, RowRead> rows, string row) => rows.TryGetValue(row, out var found) ? $"{found}" : "nothing";

    /// <summary>A projection, made again from the events: as each was commanded.</summary>
    private static Dictionary<string, RowRead> Expected(AggregatesHistory read, string projection)
    {
        var rows = new Dictionary<string, RowRead>(StringComparer.Ordinal);
        foreach (var (order, events) in read.Orders)
        {
            // Who bought what for how much stands in the command that placed it.
            if (events.Count == 0 || !read.Commands.TryGetValue(events[0].Command, out var placed))
            {
                continue;
            }

            foreach (var (happened, _) in events)
            {
                switch (projection, happened)
                {
                    case ("orders", _):
                        Add(order, happened, 1, happened == "placed" ? placed.Amount : 0);
                        break;
                    case ("items", "paid"):
                        Add(placed.Item, null, 1, placed.Amount);
                        break;
                    case ("customers", "placed"):
                        Add(placed.Customer, null, 1, 0);
                        break;
                    case ("customers", "paid"):
                        Add(placed.Customer, null, 0, placed.Amount);
                        break;
                    case ("customers", "shipped" or "cancelled"):
                        Add(placed.Customer, null, -1, 0);
                        break;
                }
            }
        }

        return rows;

        void Add(string name, string? status, long count, decimal amount)
        {
            var row = rows.GetValueOrDefault(name) ?? new RowRead(null, 0, 0);
            rows[name] = new RowRead(status ?? row.Status, row.Count + count, row.Amount + amount);
        }
    }

    /// <summary>Commands that were given and acknowledged while some projection stood still.</summary>
    private static int WhileHeld(History history, AggregatesHistory read)
    {
        var held = new List<(long From, long Until)>();
        foreach (var pause in history.Operations.Where(operation => operation is { Op: "pause", Outcome: Outcome.Ok }))
        {
            var until = history.Operations.Where(operation => operation.Op == "resume" && operation.Key == pause.Key && operation.Return > pause.Call).Select(operation => operation.Call).DefaultIfEmpty(long.MaxValue).Min();
            held.Add((pause.Return, until));
        }

        return read.Commands.Values.Count(command => command.Told.Outcome == Outcome.Ok && held.Exists(span => command.Told.Call > span.From && command.Told.Return < span.Until));
    }
}
