using Cluster.Modes.Template;

namespace Cluster.Modes.Tests.Catalog;

/// <summary>What new modes are copied from is none itself; its folder's shape is judged with theirs.</summary>
public class TemplateTests
{
    [Fact]
    public void The_template_is_in_no_catalogue() => Assert.Null(ModeCatalog.Find(TemplateMode.Slug));

    [Fact]
    public void Its_lab_promises_something_not_everything_and_can_be_broken()
    {
        var lab = TemplateMode.Mode.Lab;

        Assert.NotEmpty(lab.Promised);
        Assert.NotEmpty(lab.NotPromised);
        Assert.NotEmpty(lab.Bugs);
    }
}
