using System.Text;
using System.Text.Json;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Reports;

/// <summary>Writes a run's report as one file.</summary>
public static class ReportWriter
{
    /// <summary>Operations that a page shows: more than that a browser draws slowly. The verdict and the plots are of all.</summary>
    public const int MaxOperations = 200_000;

    /// <summary>In the order in which they build on each other.</summary>
    private static readonly string[] Scripts =
    [
        "draw.js", "operations.js", "viewport.js", "timeline.js", "plots.js", "messages.js", "lifelines.js", "arrows.js", "spacetime.js", "report.js",
    ];

    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, RunReport report) => File.WriteAllText(path, Page(report), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));

    internal static string Page(RunReport report) => PageParts.Compose(report.Title, ["report.css"], Scripts, Data(report));

    /// <summary>The default encoder escapes what could end a script element, so a value of a client cannot.</summary>
    private static string Data(RunReport report)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            ReportJson.Write(json, report, Shown(report.History), MessageColumns.Choose(report.Messages, MessageColumns.MaxMessages, Violation(report)));
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static IReadOnlyList<Operation> Shown(History history) => [.. history.Operations.OrderBy(operation => operation.Call).Take(MaxOperations)];

    private static (long From, long To)? Violation(RunReport report)
    {
        var piece = report.Results.SelectMany(result => result.Piece).ToList();
        return piece.Count == 0 ? null : (piece.Min(operation => operation.Call), piece.Max(operation => operation.Return == long.MaxValue ? operation.Call : operation.Return));
    }
}
