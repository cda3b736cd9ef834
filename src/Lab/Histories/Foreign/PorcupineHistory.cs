using System.Globalization;
using System.Text.Json;

namespace Cluster.Lab.Histories.Foreign;

/// <summary>
/// A history as a Go program that uses Porcupine writes it with encoding/json: a list of operations <c>{"ClientId", "Input", "Call", "Output", "Return"}</c>, times
/// in nanoseconds. Input and output are the program's own; read are those with an op (a name, or 0 get, 1 put, 2 append), key, value, and for a
/// compare-and-set old (or from) and new (or to), in whatever case.
/// </summary>
internal static class PorcupineHistory
{
    private static readonly string[] Numbered = ["read", "write", "append"];

    /// <exception cref="FormatException">It is not one; the message says which operation.</exception>
    public static History Read(string text)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text);
        }
        catch (JsonException e)
        {
            throw new FormatException($"line {((e.LineNumber ?? 0) + 1).ToString(CultureInfo.InvariantCulture)} is no JSON: {e.Message}", e);
        }

        using (document)
        {
            var operations = new List<Operation>();
            foreach (var element in document.RootElement.EnumerateArray())
            {
                try
                {
                    operations.Add(Translate(element));
                }
                catch (Exception e) when (e is FormatException or InvalidOperationException)
                {
                    throw new FormatException($"operation {(operations.Count + 1).ToString(CultureInfo.InvariantCulture)} of the list is no Porcupine operation: {e.Message}", e);
                }
            }

            return HistoryRules.Enforce(new History(operations, []));
        }
    }

    private static Operation Translate(JsonElement element)
    {
        var input = Field(element, "Input") ?? throw new FormatException("it has no Input");
        var (call, end) = (Time(element, "Call"), Time(element, "Return"));
        if (end < call)
        {
            throw new FormatException("it returns before its call");
        }

        var op = Field(input, "op") is not { } named ? throw new FormatException("its Input has no op") : named.ValueKind == JsonValueKind.Number
            ? Numbered.ElementAtOrDefault(named.GetInt32()) ?? throw new FormatException($"op {named.GetRawText()} is none of 0 (get), 1 (put), 2 (append)")
            : Known(named.GetString()!);
        var output = Field(element, "Output") is { ValueKind: JsonValueKind.Object } fields ? Field(fields, "value") ?? Field(fields, "ok") : Field(element, "Output");
        var outcome = Field(element, "Outcome") is { } told ? HistoryReader.OutcomeOf(told.GetString() ?? "") : Outcome.Ok;
        if (outcome == Outcome.Ok && HistoryReader.Answers(op) && WhyNoOutput(element) is { } why)
        {
            throw new FormatException($"it is a {op}, and {why} (null where there was nothing): without it nothing can be judged");
        }

        return new Operation(
            Time(element, "ClientId") is >= 0 and <= int.MaxValue and var client ? (int)client : throw new FormatException($"ClientId must be from 0 to {int.MaxValue}"),
            op,
            Text(Field(input, "key")) ?? "",
            op switch
            {
                "read" or "dequeue" or "poll" or "delete" => [],
                "cas" => [Text(Field(input, "old") ?? Field(input, "from")), Text(Field(input, "new") ?? Field(input, "to"))],
                _ => [Text(Field(input, "value"))],
            },
            call,
            end,
            outcome,
            op is "write" or "append" or "add" or "enqueue" ? null : Text(output));
    }

    private static string? WhyNoOutput(JsonElement element) => !Has(element, "Output") ? "has no Output"
        : Field(element, "Output") is { ValueKind: JsonValueKind.Object } fields && !Has(fields, "value") && !Has(fields, "ok") ? "its Output has no value"
        : null;

    private static bool Has(JsonElement element, string name) => element.EnumerateObject().Any(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static string Known(string op) => op.ToLowerInvariant() switch { "get" => "read", "put" or "set" => "write", "compareandset" or "compareandswap" => "cas", "inc" or "increment" => "incr", var other => other };

    private static long Time(JsonElement element, string name) => Field(element, name) is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : throw new FormatException($"it has no {name}");

    private static JsonElement? Field(JsonElement element, string name)
    {
        foreach (var field in element.EnumerateObject())
        {
            if (field.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return field.Value.ValueKind == JsonValueKind.Null ? null : field.Value;
            }
        }

        return null;
    }

    private static string? Text(JsonElement? element) => element is { } value ? HistoryReader.Value(value) : null;
}
