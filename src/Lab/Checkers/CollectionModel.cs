using System.Text.Json;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers;

/// <summary>
/// One key that holds several values: a set, a first-in first-out queue, or a list that only grows. A state is its values, each followed by a separator; a set's
/// stand in ordinal order. Null is empty.
/// </summary>
public sealed class CollectionModel : IModel
{
    /// <summary>Unit separator: no value that a workload writes has it in it, and one that did would only fail to match.</summary>
    internal const char End = '\u001f';

    private readonly string grow;
    private readonly string? shrink;
    private readonly bool sorted;

    private CollectionModel(string name, string grow, string? shrink, bool sorted) => (Name, this.grow, this.shrink, this.sorted) = (name, grow, shrink, sorted);

    /// <summary>add [v], remove [v], read -> [values in any order].</summary>
    public static CollectionModel Set { get; } = new("set", "add", "remove", sorted: true);

    /// <summary>enqueue [v], dequeue -> the oldest value, or null from an empty queue.</summary>
    public static CollectionModel Queue { get; } = new("queue", "enqueue", "dequeue", sorted: false);

    /// <summary>append [v], read -> [values in the order appended].</summary>
    public static CollectionModel List { get; } = new("list", "append", null, sorted: false);

    public string Name { get; }

    public bool Knows(string op) => op == grow || op == shrink || (op == "read" && this != Queue);

    public bool IsComplete(Operation operation) => operation.Op switch
    {
        "read" => operation.Outcome != Outcome.Ok || TryParse(operation.Output) is not null,
        "dequeue" => true,
        _ => operation.Input is [not null],
    };

    public Operation Prepare(Operation operation) => operation is { Op: "read", Outcome: Outcome.Ok }
        ? operation with { Output = Join(sorted ? TryParse(operation.Output)!.Order(StringComparer.Ordinal) : TryParse(operation.Output)!) }
        : operation;

    public bool Step(string? state, Operation operation, out string? next)
    {
        var known = operation.Outcome == Outcome.Ok;
        next = state;
        switch (operation.Op)
        {
            case "read":
                return !known || operation.Output == state;
            case "append" or "enqueue":
                next = state + operation.Input[0] + End;
                return true;
            case "add":
                next = Join(Split(state).Append(operation.Input[0]!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
                return true;
            case "remove":
                next = Join(Split(state).Where(value => value != operation.Input[0]));
                return true;
            case "dequeue":
                var first = state is null ? null : state[..state.IndexOf(End, StringComparison.Ordinal)];
                next = first is null || first.Length + 1 == state!.Length ? null : state[(first.Length + 1)..];
                return !known || operation.Output == first;
            default:
                throw new ArgumentException($"The model '{Name}' gives '{operation.Op}' no meaning");
        }
    }

    /// <summary>The values of a JSON list; none for null. Null if the text is not a list.</summary>
    internal static IReadOnlyList<string>? TryParse(string? text)
    {
        if (text is null)
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? [.. document.RootElement.EnumerateArray().Select(element => element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText())]
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Join(IEnumerable<string> values) => string.Concat(values.Select(value => value + End)) is { Length: > 0 } joined ? joined : null;

    internal static string[] Split(string? state) => state?[..^1].Split(End) ?? [];
}
