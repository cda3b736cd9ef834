using System.Globalization;
using System.Text.Json;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Aggregates;

/// <summary>A history of event-sourced orders, read; the words are those of <see cref="AggregatesChecker"/>.</summary>
internal sealed class AggregatesHistory
{
    private AggregatesHistory()
    {
    }

    /// <summary>By command id; one that was sent again is one, which began with the first call.</summary>
    public required IReadOnlyDictionary<string, Command> Commands { get; init; }

    public required IReadOnlyList<(Operation Operation, string Token, long Version)> Looks { get; init; }

    /// <summary>By order, the last read of its events: what happened, and by which command.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<(string Happened, string Command)>> Orders { get; init; }

    /// <summary>By key of the view, each read: as it was kept up, and rebuilt.</summary>
    public required IReadOnlyList<(Operation Operation, string Projection, IReadOnlyDictionary<string, RowRead> Rows)> Views { get; init; }

    public static bool Understands(Operation operation) => operation switch
    {
        { Op: "command", Input: [not null, not null, _, not null, not null, not null] } or { Op: "look", Input.Count: 1 } or { Op: "rebuilt", Input.Count: 1 } => true,
        { Op: "history" or "view" or "rebuild" or "pause" or "resume" } => true,
        _ => false,
    };

    /// <summary>Null where an answer is none of this workload.</summary>
    public static AggregatesHistory? Read(History history)
    {
        try
        {
            var answered = history.Operations.Where(operation => operation is { Outcome: Outcome.Ok, Output: not null }).ToList();
            return new AggregatesHistory
            {
                Commands = history.Operations.Where(operation => operation.Op == "command").GroupBy(operation => operation.Input[1]!).ToDictionary(id => id.Key, id => Command.Of([.. id]), StringComparer.Ordinal),
                Looks = [.. answered.Where(operation => operation is { Op: "look", Input: [not null] }).Select(look => (look, look.Input[0]!, Number(look.Output!.Split(' ')[0])))],
                Orders = answered.Where(operation => operation.Op == "history").GroupBy(operation => operation.Key).ToDictionary(order => order.Key, order => EventsOf(order.MaxBy(read => read.Return)!), StringComparer.Ordinal),
                Views = [.. answered.Where(operation => operation.Op is "view" or "rebuilt").Select(view => (view, view.Key[(view.Key.LastIndexOf('-') + 1)..], RowsOf(view)))],
            };
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException or ArgumentException or OverflowException)
        {
            return null;
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static IReadOnlyList<(string Happened, string Command)> EventsOf(Operation read)
    {
        using var document = JsonDocument.Parse(read.Output!);
        return [.. document.RootElement.EnumerateArray().Select(happened => (happened[0].GetString() ?? "", happened[1].GetString() ?? ""))];
    }

    private static IReadOnlyDictionary<string, RowRead> RowsOf(Operation view)
    {
        using var document = JsonDocument.Parse(view.Output![(view.Output!.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        return document.RootElement.EnumerateObject().ToDictionary(
            row => row.Name,
            row => new RowRead(row.Value.TryGetProperty("status", out var status) ? status.GetString() : null, row.Value.GetProperty("count").GetInt64(), row.Value.GetProperty("amount").GetDecimal()),
            StringComparer.Ordinal);
    }

    internal sealed record RowRead(string? Status, long Count, decimal Amount)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(Status is null ? "" : Status + ", ")}count {Count}, amount {Amount}");
    }

    /// <param name="Told">The operation whose outcome counts.</param>
    /// <param name="Version">That its client was told; 0 where it was told none.</param>
    internal sealed record Command(Operation Told, long Version, string Token, string Customer, string Item, decimal Amount)
    {
        public string Verb => Told.Input[0]!;

        public static Command Of(List<Operation> calls)
        {
            var told = calls.Find(call => call.Outcome == Outcome.Ok) ?? calls.Find(call => call.Outcome == Outcome.Info) ?? calls[0];
            var words = told is { Outcome: Outcome.Ok, Output: { } output } ? output.Split(' ') : ["0", ""];
            return new Command(told with { Call = calls.Min(call => call.Call) }, Number(words[0]), words[1], told.Input[3]!, told.Input[4]!, decimal.Parse(told.Input[5]!, CultureInfo.InvariantCulture));
        }
    }
}
