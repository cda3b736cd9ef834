using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Cluster.Lab.Histories.Foreign;

/// <summary>
/// A history as Jepsen stores it (history.edn): an event a map, an operation an :invoke and the :ok, :fail or :info of the same process. Operations on several
/// keys (jepsen.independent) carry [key value]. What the nemesis does becomes faults.
/// </summary>
internal static class JepsenHistory
{
    /// <summary>Deeper than the reader lets anything be.</summary>
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 256 };

    /// <exception cref="FormatException">It is not one; the message names the line.</exception>
    public static History Read(string text)
    {
        var events = Events(text);
        var keyed = IsKeyed(events);
        var counts = events.Exists(happened => happened is { F: "read", Type: "ok" } && (keyed ? Part(happened.Value, 1) : happened.Value) is long);
        var operations = new List<Operation>();
        var lines = new List<int>();
        var faults = new List<FaultEvent>();
        var open = new Dictionary<long, Event>();
        var last = events.Count == 0 ? 0 : Math.Max(events.Max(happened => happened.Time), events.Max(happened => happened.Time) + 1);
        foreach (var happened in events)
        {
            if (happened.Process is not { } process)
            {
                if (happened.Type == "info" || happened.Type == "invoke")
                {
                    faults.Add(new FaultEvent(happened.F, Text(happened.Value) ?? "", happened.Time));
                }
            }
            else if (happened.Type == "invoke")
            {
                if (!open.TryAdd(process, happened))
                {
                    throw Wrong(happened.Line, $"process {process} calls again before its operation of line {open[process].Line} is over");
                }
            }
            else if (open.Remove(process, out var call))
            {
                if (happened is { Type: "ok", HasValue: false } && (call.F is "r" or "txn" || HistoryReader.Answers(call.F)))
                {
                    throw Wrong(happened.Line, $"an :ok of a :{call.F} has no :value (nil where there was nothing): without it nothing can be judged");
                }

                Add(call, happened, happened.Time, happened.Type switch { "ok" => Outcome.Ok, "fail" => Outcome.Fail, "info" => Outcome.Info, var other => throw Wrong(happened.Line, $"type is '{other}'; it must be invoke, ok, fail or info") });
            }
            else
            {
                throw Wrong(happened.Line, $"process {process} gets an answer and has asked nothing");
            }
        }

        foreach (var never in open.Values.OrderBy(call => call.Line))
        {
            Add(never, null, last, Outcome.Info);
        }

        return HistoryRules.Enforce(new History(operations, faults, lines));

        void Add(Event call, Event? end, long returned, Outcome outcome)
        {
            operations.Add(Translate(call, end, keyed, counts, returned, outcome));
            lines.Add(call.Line);
        }
    }

    /// <param name="counts">Whether a read gives a number: then :add counts, and else it puts into a set.</param>
    private static Operation Translate(Event call, Event? end, bool keyed, bool counts, long returned, Outcome outcome)
    {
        var asked = keyed ? Part(call.Value, 1) : call.Value;
        var answered = end is null ? null : keyed ? Part(end.Value, 1) : end.Value;
        var key = keyed ? Text(Part(call.Value, 0)) ?? "nil" : "";
        var op = call.F switch { "r" => "read", "w" => "write", "add" when counts => "incr", var other => other };
        IReadOnlyList<string?> input = op switch
        {
            "read" or "dequeue" or "poll" => [],
            "cas" or "txn" or "transfer" when asked is List<object?> parts => [.. parts.Select(Text)],
            _ => [Text(asked)],
        };
        var output = outcome != Outcome.Ok || op is "write" or "add" or "append" or "enqueue" or "cas" or "incr" ? null : Text(answered);
        return new Operation((int)call.Process!.Value, op, key, input, call.Time, returned, outcome, output);
    }

    private static List<Event> Events(string text)
    {
        var reader = new EdnReader(text);
        var events = new List<Event>();
        while (reader.MoveToNext())
        {
            var line = reader.Line;
            foreach (var map in reader.Read() is var read && read is List<object?> many ? many : [read])
            {
                events.Add(ToEvent(map, line));
            }
        }

        return events;
    }

    private static Event ToEvent(object? value, int line)
    {
        if (value is not Dictionary<object, object?> map)
        {
            throw Wrong(line, "it is not a map");
        }

        object? Field(string name) => map.TryGetValue(new EdnName(name), out var field) ? field : null;
        return new Event(
            line,
            Field("type")?.ToString() ?? throw Wrong(line, "it has no :type"),
            Field("f")?.ToString() ?? throw Wrong(line, "it has no :f"),
            Field("process") switch
            {
                long process => process is >= 0 and <= int.MaxValue ? process : throw Wrong(line, $":process must be from 0 to {int.MaxValue}"),
                EdnName => null, // :nemesis
                null => throw Wrong(line, "it has no :process"),
                _ => throw Wrong(line, ":process is neither a number nor a keyword such as :nemesis"),
            },
            Field("time") as long? ?? throw Wrong(line, "it has no :time, and without times nothing can be judged"),
            Field("value"),
            map.ContainsKey(new EdnName("value")));
    }

    /// <summary>Whether every client event carries [key value]: then keys are judged apart.</summary>
    private static bool IsKeyed(List<Event> events)
    {
        var clients = events.Where(happened => happened.Process is not null).ToList();
        return clients.Count > 0 && clients.TrueForAll(happened => happened.Value is List<object?> { Count: 2 }) && clients.Exists(happened => happened.F is "read" or "r" or "dequeue");
    }

    private static object? Part(object? value, int index) => value is List<object?> parts && index < parts.Count ? parts[index] : null;

    /// <summary>As our own histories have it: text as it is, lists and objects as JSON.</summary>
    private static string? Text(object? value) => value switch
    {
        null => null,
        string text => text,
        bool truth => truth ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        EdnName name => name.Name,
        _ => JsonSerializer.Serialize(Simple(value), Plain),
    };

    private static object? Simple(object? value) => value switch
    {
        EdnName name => name.Name,
        List<object?> many => many.Select(Simple).ToList(),
        Dictionary<object, object?> map => map.GroupBy(entry => Text(entry.Key)!, StringComparer.Ordinal).ToDictionary(entry => entry.Key, entry => Simple(entry.Last().Value), StringComparer.Ordinal),
        _ => value,
    };

    private static FormatException Wrong(int line, string what) => new($"line {line.ToString(CultureInfo.InvariantCulture)} is no event of a Jepsen history: {what}");

    private sealed record Event(int Line, string Type, string F, long? Process, long Time, object? Value, bool HasValue);
}
