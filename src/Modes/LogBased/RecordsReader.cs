using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Cluster.Modes.Streams;
using Cluster.Shared.Wire;

namespace Cluster.Modes.LogBased;

/// <summary>Records as clients write them: a JSON array of texts, or of objects with a key and a value. What is no text is kept as its JSON; a value that is null is a tombstone.</summary>
internal static class RecordsReader
{
    public static bool TryRead(string json, [NotNullWhen(true)] out IReadOnlyList<LogRecord>? records, [NotNullWhen(false)] out string? why)
    {
        records = null;
        var read = new List<LogRecord>();
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Array)
            {
                why = "records are a JSON array";
                return false;
            }

            foreach (var element in document.RootElement.EnumerateArray())
            {
                if (WhyNot(element) is { } bad)
                {
                    why = $"record {read.Count}: {bad}";
                    return false;
                }

                read.Add(element.ValueKind == JsonValueKind.String ? LogSteps.Record(null, element.GetString()) : LogSteps.Record(Member(element, "key"), Member(element, "value")));
            }

            (records, why) = (read, null);
            return true;
        }
        catch (JsonException broken)
        {
            why = $"records are no JSON: {broken.Message}";
            return false;
        }
        catch (InvalidOperationException)
        {
            why = $"record {read.Count}: a text in it has half of a surrogate pair, and is no text";
            return false;
        }
    }

    private static string? WhyNot(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => null,
        JsonValueKind.Object when element.EnumerateObject().FirstOrDefault(member => member.Name is not ("key" or "value")) is { Value.ValueKind: not JsonValueKind.Undefined } other =>
            $"it has '{other.Name}'; a record has a key and a value",
        JsonValueKind.Object when element.EnumerateObject().GroupBy(member => member.Name).FirstOrDefault(same => same.Count() > 1) is { Key: var twice } =>
            $"'{twice}' stands there twice", // Which of the two counts, readers of JSON do not agree on.
        JsonValueKind.Object when !element.TryGetProperty("key", out _) && !element.TryGetProperty("value", out _) => "it has neither key nor value",
        JsonValueKind.Object => null,
        _ => "it is neither a text nor an object with key and value",
    };

    private static string? Member(JsonElement element, string name) => !element.TryGetProperty(name, out var value) ? null
        : value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => value.GetString(),
            _ => value.GetRawText(),
        };
}
