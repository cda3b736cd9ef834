using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Cluster.Lab.Histories.Foreign;

namespace Cluster.Lab.Histories;

/// <summary>
/// Reads <c>history.jsonl</c>, ours or from elsewhere. A line that is not an operation or a fault is refused with its number: a history
/// that is read wrongly would be judged wrongly.
/// </summary>
public static class HistoryReader
{
    /// <summary>Longest line, in characters. A longer one is not a history but a mistake.</summary>
    public const int MaxLineLength = 16 * 1024 * 1024;

    /// <summary>Reads a file in whichever format it is: ours, Jepsen's history.edn, or a Porcupine list in JSON.</summary>
    /// <exception cref="FormatException">It is none of them; the message names the line.</exception>
    public static History Read(string path)
    {
        using var file = File.OpenRead(path);
        return Read(file);
    }

    /// <inheritdoc cref="Read(string)"/>
    /// <param name="file">At its start, and able to go back there.</param>
    public static History Read(Stream file)
    {
        try
        {
            return ReadText(file);
        }
        catch (DecoderFallbackException)
        {
            // A letter in the place of what is none would make one value of two.
            throw new FormatException($"line {LineOfBytes(file)} is no UTF-8: a history is text");
        }
    }

    private static History ReadText(Stream file)
    {
        using var reader = new StreamReader(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true), leaveOpen: true);
        Span<char> start = stackalloc char[256];
        var begins = start[..reader.ReadBlock(start)].TrimStart();
        reader.DiscardBufferedData();
        file.Position = 0;
        return begins switch
        {
            ['{', ':', ..] or ['#', ..] or [';', ..] or ['[', '{', ':', ..] or ['[', '#', ..] => JepsenHistory.Read(reader.ReadToEnd()),
            ['[', ..] => PorcupineHistory.Read(reader.ReadToEnd()),
            _ => Read(reader),
        };
    }

    /// <summary>The first line with bytes that are no UTF-8.</summary>
    private static int LineOfBytes(Stream file)
    {
        file.Position = 0;
        using var reader = new StreamReader(file, Encoding.Latin1, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        var number = 1;
        while (reader.ReadLine() is { } line && Utf8.IsValid(Encoding.Latin1.GetBytes(line)))
        {
            number++;
        }

        return number;
    }

    /// <exception cref="FormatException">A line is not an operation or a fault; the message names it.</exception>
    public static History Read(TextReader reader)
    {
        var operations = new List<Operation>();
        var faults = new List<FaultEvent>();
        var lines = new List<int>();
        var number = 0;
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            try
            {
                ReadLine(line, operations, faults);
                if (operations.Count > lines.Count)
                {
                    lines.Add(number);
                }
            }
            catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
            {
                throw new FormatException($"line {number.ToString(CultureInfo.InvariantCulture)} is not an operation or a fault: {e.Message}", e);
            }
        }

        return HistoryRules.Enforce(new History(operations, faults, lines));
    }

    private static void ReadLine(string line, List<Operation> operations, List<FaultEvent> faults)
    {
        if (line.Length > MaxLineLength)
        {
            throw new FormatException($"it is longer than {MaxLineLength} characters");
        }

        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        if (root.TryGetProperty("fault", out var fault))
        {
            var at = Field(root, "at").GetInt64();
            if (at < 0)
            {
                throw new FormatException($"the fault is at {at.ToString(CultureInfo.InvariantCulture)} ns; times begin at 0");
            }

            faults.Add(new FaultEvent(Text(fault), Text(Field(root, "target")), at, root.TryGetProperty("ends", out var ends) ? Value(ends) : null));
            return;
        }

        var outcome = OutcomeOf(Text(Field(root, "outcome")));
        var call = Field(root, "call").GetInt64();
        var end = root.TryGetProperty("return", out var returned) && returned.ValueKind != JsonValueKind.Null ? returned.GetInt64() : long.MaxValue;
        if (outcome == Outcome.Ok && (end == long.MaxValue || end < call))
        {
            throw new FormatException("an operation that is ok needs a return, not before its call");
        }

        var (process, op, key) = (Field(root, "process").GetInt32(), Text(Field(root, "op")), Text(Field(root, "key")));
        if (process < 0)
        {
            throw new FormatException($"process is {process.ToString(CultureInfo.InvariantCulture)}; it must be from 0 to {int.MaxValue}");
        }

        if (outcome == Outcome.Ok && Answers(op) && !root.TryGetProperty("output", out _))
        {
            throw new FormatException($"a {op} that is ok has no 'output' (null where there was nothing): without it nothing can be judged");
        }

        operations.Add(new Operation(
            process,
            op,
            key,
            root.TryGetProperty("input", out var input) ? Values(input) : [],
            call,
            end,
            outcome,
            root.TryGetProperty("output", out var output) ? Value(output) : null,
            root.TryGetProperty("node", out var node) ? Value(node) : null));
    }

    /// <summary>Whether an operation of that name is asked for its answer: one that is ok and does not say what it was cannot be judged.</summary>
    internal static bool Answers(string op) => op is "read" or "incr" or "dequeue" or "poll";

    private static JsonElement Field(JsonElement root, string name) => root.TryGetProperty(name, out var field)
        ? field
        : throw new FormatException($"it has no '{name}'");

    private static string Text(JsonElement element) => Value(element) ?? throw new FormatException("a name is null");

    private static List<string?> Values(JsonElement input)
    {
        // Other tools write a lone input without the brackets.
        if (input.ValueKind != JsonValueKind.Array)
        {
            return input.ValueKind == JsonValueKind.Null ? [] : [Value(input)];
        }

        var values = new List<string?>(input.GetArrayLength());
        foreach (var element in input.EnumerateArray())
        {
            values.Add(Value(element));
        }

        return values;
    }

    /// <exception cref="FormatException">There is no such outcome.</exception>
    internal static Outcome OutcomeOf(string text) => text switch
    {
        "ok" => Outcome.Ok,
        "fail" => Outcome.Fail,
        "info" => Outcome.Info,
        _ => throw new FormatException($"outcome is '{text}'; it must be ok, fail or info"),
    };

    /// <summary>A value as histories hold it: text as it is, lists and objects as JSON.</summary>
    internal static string? Value(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => element.GetString(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => element.GetRawText(),
    };
}
