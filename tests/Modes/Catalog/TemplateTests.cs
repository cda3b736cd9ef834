using Cluster.Modes.Template;

namespace Cluster.Modes.Tests.Catalog;

/// <summary>What new modes are copied from has the shape of a mode, and is none.</summary>
public class TemplateTests
{
    [Fact]
    public void The_template_is_in_no_catalogue() => Assert.Null(ModeCatalog.Find(TemplateMode.Slug));

    [Fact]
    public void Its_page_and_its_lab_are_those_of_a_mode()
    {
        var (folder, lab) = (new ModeFolder(TemplateMode.Slug), TemplateMode.Mode.Lab);

        Assert.Equal(new ModeFolder(ModeCatalog.All[0].Slug).Headings, folder.Headings);
        Assert.All(folder.Headings, heading => Assert.True(folder.Section(heading).Trim().Length > 0, $"nothing stands under '{heading}'"));
        Assert.Contains($"lab run {lab.Slug}", folder.Section("Run it"), StringComparison.Ordinal);
        Assert.NotEmpty(lab.Promised);
        Assert.NotEmpty(lab.NotPromised);
        Assert.All(lab.Bugs, bug => Assert.Contains($"--bug {bug.Name}", folder.Section("Break it"), StringComparison.Ordinal));
        Assert.NotEmpty(lab.Bugs);
    }
}
