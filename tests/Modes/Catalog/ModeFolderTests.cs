using Cluster.Modes.Template;

namespace Cluster.Modes.Tests.Catalog;

/// <summary>Each mode has the same shape, so that who knows one folder knows them all; so has what new ones are copied from.</summary>
public class ModeFolderTests
{
    private static readonly string[] Headings = ["Question", "Guarantee", "Diagram", "Run it", "What you see", "Break it", "Read the code", "Sources"];

    public static TheoryData<string> Slugs => [.. ModeCatalog.All.Select(mode => mode.Slug), TemplateMode.Slug];

    [Theory]
    [MemberData(nameof(Slugs))]
    public void The_folder_has_a_page_a_registration_and_a_lab(string slug)
    {
        var folder = new ModeFolder(slug);

        Assert.All(["README.md", $"{folder.Name}Mode.cs", $"{folder.Name}Lab.cs"], file => Assert.True(File.Exists(folder.PathOf(file)), $"src/Modes/{folder.Name} has no {file}"));
    }

    [Theory]
    [MemberData(nameof(Slugs))]
    public void The_page_has_every_heading_in_its_order_and_something_under_each(string slug)
    {
        var folder = new ModeFolder(slug);

        Assert.Equal(Headings, folder.Headings);
        Assert.All(Headings, heading => Assert.True(folder.Section(heading).Trim().Length > 0, $"nothing stands under '{heading}' of {folder.Name}"));
    }

    [Theory]
    [MemberData(nameof(Slugs))]
    public void The_page_says_how_to_run_it_and_names_every_way_to_break_it(string slug)
    {
        var folder = new ModeFolder(slug);

        Assert.Contains("```console", folder.Section("Run it"), StringComparison.Ordinal);
        Assert.Contains($"lab run {slug}", folder.Section("Run it"), StringComparison.Ordinal);
        Assert.All((ModeCatalog.Find(slug) ?? TemplateMode.Mode).Lab.Bugs, bug => Assert.Contains($"--bug {bug.Name}", folder.Readme, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_folder_with_a_registration_is_in_the_catalogue()
    {
        var registered = ModeCatalog.All.Select(mode => new ModeFolder(mode.Slug).Name);

        var folders = Directory.GetDirectories(ModeFolder.Root).Select(folder => Path.GetFileName(folder)).Where(name => name != "Template" && File.Exists(Path.Combine(ModeFolder.Root, name, $"{name}Mode.cs")));
        Assert.Equal(registered.Order(), folders.Order());
    }
}
