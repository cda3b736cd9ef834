using System.Text;
using System.Text.Json;
using Cluster.Lab.Reports;

namespace Cluster.Lab.Comparison;

/// <summary>The files of a comparison: <c>compare.json</c>, and <c>report.html</c>, one page that needs nothing else.</summary>
public sealed class ComparisonFolder
{
    private readonly string path;

    /// <exception cref="LabException">The folder cannot be made or written to.</exception>
    public ComparisonFolder(string path)
    {
        this.path = Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(this.path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new LabException($"{this.path} cannot be made: {refused.Message}; name another folder with --out", refused);
        }
    }

    public string JsonPath => Path.Combine(path, "compare.json");

    public string ReportPath => Path.Combine(path, "report.html");

    public void Write(ComparisonReport report)
    {
        var json = JsonSerializer.Serialize(report, ComparisonJson.Default.ComparisonReport);
        File.WriteAllText(JsonPath, json + "\n", Plain);
        File.WriteAllText(ReportPath, Page(report), Plain);
    }

    /// <summary>The default encoder of the JSON escapes what could end a script element.</summary>
    internal static string Page(ComparisonReport report) =>
        PageParts.Compose("Ways to keep data on several machines, measured", ["report.css", "compare.css"], ["compare.js"], JsonSerializer.Serialize(report, ComparisonJson.Default.ComparisonReport));

    private static UTF8Encoding Plain => new(encoderShouldEmitUTF8Identifier: false);
}
