using System.Text.Json;
using Cluster.Lab.Comparison;
using Cluster.Lab.Tests.Architecture;

namespace Cluster.Lab.Tests.Documentation;

/// <summary>The tables of docs/compare.md and of the README are those of one real run, whose figures are kept beside them.</summary>
public sealed class ComparisonPageInDocsTests
{
    private static readonly ComparisonReport Measured =
        JsonSerializer.Deserialize(File.ReadAllText(Path.Combine(Repository.Root, "docs", "samples", "compare.json")), ComparisonJson.Default.ComparisonReport)!;

    [Fact]
    public void The_page_is_what_the_figures_say() =>
        Assert.Equal(ComparisonMarkdown.Page(Measured), File.ReadAllText(Path.Combine(Repository.Root, "docs", "compare.md")));

    [Fact]
    public void The_readme_shows_the_short_table() =>
        Assert.Contains(ComparisonMarkdown.Short(Measured), File.ReadAllText(Path.Combine(Repository.Root, "README.md")), StringComparison.Ordinal);
}
