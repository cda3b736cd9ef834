using System.Text.Json;
using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;
using Cluster.Lab.Messages;
using static Cluster.Lab.Reports.Columns;

namespace Cluster.Lab.Reports;

/// <summary>The data of a report's page as JSON.</summary>
internal static class ReportJson
{
    /// <summary>Longest text of a value that the page shows.</summary>
    private const int MaxText = 80;

    /// <param name="shown">The operations that the page shows, in order of their calls.</param>
    /// <param name="messages">The messages that the page shows, in order of their sending.</param>
    public static void Write(Utf8JsonWriter json, RunReport report, IReadOnlyList<Operation> shown, IReadOnlyList<RecordedMessage> messages)
    {
        var bands = FaultBand.Of(report.History);
        json.WriteStartObject();
        json.WriteString("title", report.Title);
        json.WriteString("question", report.Question);
        json.WriteString("verdict", Word(report.Verdict));
        json.WriteString("doubt", report.Doubt);
        WriteFacts(json, report);
        WriteResults(json, report.Results, shown);
        WriteTexts(json, "notPromised", report.NotPromised);
        WriteFaults(json, bands);
        WriteWindows(json, report.History.Operations);
        WriteNodes(json, report.History.Operations);
        WriteSides(json, bands, report.History.Operations);
        WriteHappenings(json, report.Happenings);
        WriteOperations(json, shown, report.History.Operations.Count);
        MessageColumns.Write(json, messages, report.Messages.Count, report.MessagesMissed);
        json.WriteEndObject();
    }

    private static void WriteFacts(Utf8JsonWriter json, RunReport report)
    {
        json.WriteStartArray("facts");
        foreach (var (name, value) in report.Facts)
        {
            json.WriteStartArray();
            json.WriteStringValue(name);
            json.WriteStringValue(value);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WriteResults(Utf8JsonWriter json, IReadOnlyList<CheckResult> results, IReadOnlyList<Operation> shown)
    {
        // A process calls one operation at a time, so its number and the time of the call name an operation.
        var places = shown.Select((operation, place) => (operation, place)).DistinctBy(at => (at.operation.Process, at.operation.Call)).ToDictionary(at => (at.operation.Process, at.operation.Call), at => at.place);
        json.WriteStartArray("results");
        foreach (var result in results)
        {
            json.WriteStartObject();
            json.WriteString("checker", result.Checker);
            json.WriteString("verdict", Word(result.Verdict));
            json.WriteString("summary", result.Summary);
            WriteTexts(json, "details", result.Details);
            WriteNumbers(json, "piece", result.Piece.Where(operation => places.ContainsKey((operation.Process, operation.Call))), operation => places[(operation.Process, operation.Call)]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteFaults(Utf8JsonWriter json, IReadOnlyList<FaultBand> bands)
    {
        json.WriteStartArray("faults");
        foreach (var band in bands)
        {
            json.WriteStartObject();
            json.WriteString("fault", band.Fault);
            json.WriteString("target", band.Target);
            json.WriteNumber("start", Microseconds(band.Start));
            json.WriteNumber("end", Microseconds(band.End));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteWindows(Utf8JsonWriter json, IReadOnlyList<Operation> operations)
    {
        var (width, windows) = TimeWindow.Of(operations);
        json.WriteStartObject("windows");
        json.WriteNumber("width", Microseconds(width));
        WriteNumbers(json, "start", windows, window => Microseconds(window.Start));
        WriteNumbers(json, "ok", windows, window => window.Ok);
        WriteNumbers(json, "failed", windows, window => window.Failed);
        WriteNumbers(json, "unknown", windows, window => window.Unknown);
        WriteNumbers(json, "p50", windows, window => Microseconds(window.Median));
        WriteNumbers(json, "p95", windows, window => Microseconds(window.P95));
        WriteNumbers(json, "p99", windows, window => Microseconds(window.P99));
        WriteNumbers(json, "max", windows, window => Microseconds(window.Slowest));
        json.WriteEndObject();
    }

    /// <summary>For each node that was asked by name: when it answered and when it did not.</summary>
    private static void WriteNodes(Utf8JsonWriter json, IReadOnlyList<Operation> operations)
    {
        json.WriteStartArray("nodes");
        foreach (var node in operations.Where(operation => operation is { Node: not null, Return: < long.MaxValue }).GroupBy(operation => operation.Node!).OrderBy(node => node.Key, StringComparer.Ordinal))
        {
            WriteAnswers(json, node.Key, [.. node]);
        }

        json.WriteEndArray();
    }

    private static void WriteSides(Utf8JsonWriter json, IReadOnlyList<FaultBand> bands, IReadOnlyList<Operation> operations)
    {
        var (width, _) = TimeWindow.Of(operations);
        json.WriteStartArray("sides");
        foreach (var side in PartitionSide.Of(bands, operations))
        {
            WriteAnswers(json, $"{string.Join(", ", side.Nodes)} during {side.Partition.Fault} {side.Partition.Target}", side.Operations, width);
        }

        json.WriteEndArray();
    }

    private static void WriteAnswers(Utf8JsonWriter json, string who, IReadOnlyList<Operation> operations, long least = 0)
    {
        var (width, windows) = TimeWindow.Of(operations, least);
        json.WriteStartObject();
        json.WriteString("who", who);
        json.WriteNumber("width", Microseconds(width));
        WriteNumbers(json, "start", windows, window => Microseconds(window.Start));
        WriteNumbers(json, "ok", windows, window => window.Ok);
        WriteNumbers(json, "not", windows, window => window.Failed + window.Unknown);
        json.WriteEndObject();
    }

    private static void WriteHappenings(Utf8JsonWriter json, IReadOnlyList<Happening> happenings)
    {
        json.WriteStartArray("happenings");
        foreach (var happening in happenings.OrderBy(happening => happening.At))
        {
            json.WriteStartObject();
            json.WriteNumber("at", Microseconds(happening.At));
            json.WriteString("node", happening.Node);
            json.WriteString("kind", happening.Kind);
            json.WriteString("text", happening.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteOperations(Utf8JsonWriter json, IReadOnlyList<Operation> shown, int all)
    {
        var end = shown.Where(operation => operation.Return < long.MaxValue).Select(operation => operation.Return).DefaultIfEmpty(0).Max();
        json.WriteStartObject("operations");
        json.WriteNumber("all", all);
        WriteNumbers(json, "process", shown, operation => operation.Process);
        WriteNumbers(json, "call", shown, operation => Microseconds(operation.Call));
        WriteNumbers(json, "end", shown, operation => Microseconds(operation.Return == long.MaxValue ? end : operation.Return));
        WriteNumbers(json, "outcome", shown, operation => (int)operation.Outcome);
        WriteIndexed(json, "op", shown, operation => operation.Op);
        WriteIndexed(json, "key", shown, operation => operation.Key);
        WriteIndexed(json, "node", shown, operation => operation.Node ?? "");
        WriteTexts(json, "input", shown.Select(operation => Short(string.Join(", ", operation.Input.Select(value => value ?? "nothing")), MaxText)));
        WriteTexts(json, "output", shown.Select(operation => operation.Outcome == Outcome.Ok && (operation.IsRead || operation.Output is not null) ? Short(operation.Output ?? "nothing", MaxText) : ""));
        json.WriteEndObject();
    }

    private static string Word(Verdict verdict) => verdict switch { Verdict.Holds => "holds", Verdict.Violated => "violated", _ => "unknown" };
}
