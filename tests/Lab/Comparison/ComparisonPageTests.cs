using System.Text.Json;
using Cluster.Lab.Comparison;
using Cluster.Shared.Http;

namespace Cluster.Lab.Tests.Comparison;

/// <summary>The files of a comparison.</summary>
public sealed class ComparisonPageTests
{
    private static readonly ComparisonReport Report = new("2026-11-30 12:00 UTC", "2 processors", 5, 1, [1, 3, 5], 3, [new ModeComparison("a-mode", "</script><b>", "eventual", new TextbookView("linear", "eventual", "all sides", "low", "a book"), "holds") { Failed = "it did not answer" }]);

    [Fact]
    public void The_page_needs_nothing_else_and_no_word_of_a_mode_is_code()
    {
        var page = ComparisonFolder.Page(Report);
        Assert.DoesNotContain("{{", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("</script><b>", page, StringComparison.Ordinal);
        Assert.Contains("it did not answer", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_figures_can_be_read_again()
    {
        var json = JsonSerializer.Serialize(Report, ComparisonJson.Default.ComparisonReport);
        var again = JsonSerializer.Deserialize(json, ComparisonJson.Default.ComparisonReport)!;
        Assert.Equal(Report.Modes[0].Slug, again.Modes[0].Slug);
        Assert.Equal(json, JsonSerializer.Serialize(again, ComparisonJson.Default.ComparisonReport));
    }

    [Theory]
    [InlineData(1.4, 1.33, true)]
    [InlineData(1.7, 1.33, false)]
    [InlineData(0.08, 0, true)]
    [InlineData(7, 6, true)]
    [InlineData(7.5, 6, false)]
    public void Counted_messages_agree_with_theory_within_a_fifth(double counted, double theory, bool agrees) =>
        Assert.Equal(agrees, new CostMeasure(3, counted, theory, theory, theory, 0, 0, "").AgreesWithTheory);
}
