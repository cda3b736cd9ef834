using System.Text.Encodings.Web;

namespace Cluster.Lab.Reports;

/// <summary>
/// Puts a page together from the parts in Page/, as one file that needs nothing else: no server, no network, no other file. What comes from a run is data to them, never markup or code.
/// </summary>
internal static class PageParts
{
    /// <param name="styles">Names of style sheets, in order.</param>
    /// <param name="scripts">Names of scripts, in the order in which they build on each other.</param>
    /// <param name="data">JSON, written by an encoder that escapes what could end a script element, so that a value of a client cannot.</param>
    public static string Compose(string title, IReadOnlyList<string> styles, IReadOnlyList<string> scripts, string data) => Part("report.html")
        .Replace("{{title}}", HtmlEncoder.Default.Encode(title), StringComparison.Ordinal)
        .Replace("{{style}}", string.Concat(styles.Select(Part)), StringComparison.Ordinal)
        .Replace("{{script}}", string.Concat(scripts.Select(Part)), StringComparison.Ordinal)
        .Replace("{{data}}", data, StringComparison.Ordinal);

    private static string Part(string name)
    {
        using var stream = typeof(PageParts).Assembly.GetManifestResourceStream("Page." + name) ?? throw new InvalidOperationException($"the page's part {name} is not in the assembly");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
