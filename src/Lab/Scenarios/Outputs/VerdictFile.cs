using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Cluster.Lab.Schedules;

namespace Cluster.Lab.Scenarios.Outputs;

/// <summary><c>verdict.json</c>: what scripts read of a run. Fields are added, never renamed.</summary>
public static class VerdictFile
{
    private static readonly JsonWriterOptions Layout = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(string path, RunOutcome outcome)
    {
        using var stream = File.Create(path);
        using var json = new Utf8JsonWriter(stream, Layout);
        json.WriteStartObject();
        json.WriteString("slug", outcome.Plan.Scenario.Slug);
        json.WriteString("engine", outcome.Engine);
        json.WriteString("bug", outcome.Plan.Bug);
        json.WriteNumber("seed", outcome.Plan.Seed);
        json.WriteNumber("seconds", outcome.Plan.Span.TotalSeconds);
        json.WriteNumber("nodes", outcome.Plan.Scenario.Nodes);
        json.WriteString("verdict", Word(outcome.Verdict.Verdict));
        json.WriteString("doubt", outcome.Verdict.Doubt);
        WriteResults(json, outcome);
        WriteFaults(json, outcome.Finding.Faults);
        WriteOperations(json, outcome);
        json.WriteString("trace", outcome.Trace?.ToString("x16", CultureInfo.InvariantCulture));
        json.WriteString("again", outcome.Again);
        json.WriteEndObject();
    }

    private static void WriteResults(Utf8JsonWriter json, RunOutcome outcome)
    {
        json.WriteStartArray("checkers");
        foreach (var result in outcome.Verdict.Results)
        {
            json.WriteStartObject();
            json.WriteString("checker", result.Checker);
            json.WriteString("verdict", Word(result.Verdict));
            json.WriteString("summary", result.Summary);
            json.WriteStartArray("details");
            foreach (var detail in result.Details)
            {
                json.WriteStringValue(detail);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteFaults(Utf8JsonWriter json, FaultTally tally)
    {
        json.WriteStartObject("faults");
        foreach (var (kind, times) in tally.Happened)
        {
            json.WriteNumber(ScheduleNames.Of(kind), times);
        }

        json.WriteEndObject();
        if (tally.OfDatabase.Count > 0)
        {
            json.WriteStartObject("faultsOfDatabase");
            foreach (var (kind, times) in tally.OfDatabase)
            {
                json.WriteNumber(ScheduleNames.Of(kind), times);
            }

            json.WriteEndObject();
        }

        json.WriteStartArray("missed");
        foreach (var (fault, because) in tally.Missed)
        {
            json.WriteStringValue($"{ScheduleNames.Of(fault.Kind)} at {ScheduleNames.Of(fault.Start)}: {because}");
        }

        json.WriteEndArray();
    }

    private static void WriteOperations(Utf8JsonWriter json, RunOutcome outcome)
    {
        json.WriteStartObject("operations");
        json.WriteNumber("answered", outcome.Finding.Progress.Answered);
        json.WriteNumber("refused", outcome.Finding.Progress.Refused);
        json.WriteNumber("unknown", outcome.Finding.Progress.Unknown);
        json.WriteEndObject();
    }

    private static string Word(Enum verdict) => verdict.ToString().ToLowerInvariant();
}
