namespace Cluster.Modes.Tests.Catalog;

/// <summary>The page of modes is the catalogue's own.</summary>
public class ModeTableTests
{
    private static readonly string Page = Path.Combine(ModeFolder.Root, "..", "..", "docs", "modes.md");

    [Fact]
    public void The_page_is_what_the_catalogue_says() => Assert.True(
        File.ReadAllText(Page).StartsWith(ModeTable.Markdown(ModeCatalog.All), StringComparison.Ordinal), "docs/modes.md is out of date: it says how it is made");

    [Fact]
    public void Every_link_of_the_page_leads_to_a_folder() => Assert.All(ModeCatalog.All, mode => Assert.Contains($"(../src/Modes/{new ModeFolder(mode.Slug).Name}/README.md)", ModeTable.Markdown([mode]), StringComparison.Ordinal));
}
