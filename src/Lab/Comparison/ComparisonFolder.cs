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
        Replace(JsonPath, json + "\n");
        Replace(ReportPath, Page(report));
    }

    /// <summary>Written aside and renamed: whoever looks, or interrupts, finds the whole of one.</summary>
    private static void Replace(string path, string text)
    {
        File.WriteAllText(path + ".new", text, Plain);
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>A <c>compare.json</c> that was written before.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    /// <exception cref="LabException">It cannot be read.</exception>
    public static ComparisonReport Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(file), ComparisonJson.Default.ComparisonReport) ?? throw new JsonException("it holds null");
        }
        catch (JsonException refused)
        {
            throw new FormatException($"{file} is no comparison: {refused.Message}; name a compare.json that 'lab compare' wrote", refused);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new LabException($"{file} cannot be read as a comparison: {refused.Message}; name a compare.json that 'lab compare' wrote", refused);
        }
    }

    /// <summary>The default encoder of the JSON escapes what could end a script element.</summary>
    internal static string Page(ComparisonReport report) =>
        PageParts.Compose("Ways to keep data on several machines, measured", ["report.css", "compare.css"], ["compareplots.js", "compare.js"], JsonSerializer.Serialize(report, ComparisonJson.Default.ComparisonReport));

    private static UTF8Encoding Plain => new(encoderShouldEmitUTF8Identifier: false);
}
