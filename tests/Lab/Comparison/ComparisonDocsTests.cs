using Cluster.Lab.Comparison;
using Cluster.Lab.Tests.Architecture;

namespace Cluster.Lab.Tests.Comparison;

/// <summary>What the pages say of a comparison is what was measured: they are made from its figures.</summary>
public sealed class ComparisonDocsTests
{
    private const string Again = "make it again: ./lab compare --from docs/samples/compare.json -o ";

    private static readonly ComparisonReport Measured = ComparisonFolder.Read(Path.Combine(Repository.Root, "docs", "samples", "compare.json"));

    [Fact]
    public void The_page_is_made_from_the_figures() =>
        Assert.True(File.ReadAllText(Path.Combine(Repository.Root, "docs", "compare.md")).TrimEnd() == ComparisonMarkdown.Page(Measured).TrimEnd(), $"docs/compare.md: {Again}markdown");

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/modes.md")]
    public void The_short_table_is_made_from_the_figures(string page) =>
        Assert.True(File.ReadAllText(Path.Combine(Repository.Root, page)).Contains(ComparisonMarkdown.Digest(Measured).TrimEnd(), StringComparison.Ordinal), $"{page}: {Again}markdown-short");

    [Fact]
    public void Every_storage_mode_is_in_it_and_keeps_its_claim()
    {
        Assert.Equal(12, Measured.Modes.Count);
        Assert.All(Measured.Modes, mode => Assert.Equal((null, "holds"), (mode.Failed, mode.Verdict)));
    }
}
