using Cluster.Modes.Template;

namespace Cluster.Modes.Tests.Shape;

/// <summary>Every mode, and the template that new ones are copied from, has the same shape.</summary>
public sealed class ModeShapeTests
{
    private static readonly string[] Headings = ["Question", "Guarantee", "Diagram", "Run it", "What you see", "Break it", "Read the code", "Sources"];

    private static readonly IReadOnlyList<Mode> Everything = [.. ModeCatalog.All, TemplateMode.Mode];

    public static TheoryData<string> Slugs => [.. Everything.Select(mode => mode.Slug)];

    [Theory]
    [MemberData(nameof(Slugs))]
    public void A_README_has_the_eight_headings_in_their_order(string slug) => Assert.Equal(
        Headings, File.ReadLines(Path.Combine(Folder(slug), "README.md")).Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Select(line => line[3..]));

    [Theory]
    [MemberData(nameof(Slugs))]
    public void A_folder_has_the_registration_and_the_lab(string slug)
    {
        var name = Path.GetFileName(Folder(slug));

        Assert.True(File.Exists(Path.Combine(Folder(slug), $"{name}Mode.cs")));
        Assert.True(File.Exists(Path.Combine(Folder(slug), $"{name}Lab.cs")));
    }

    [Theory]
    [MemberData(nameof(Slugs))]
    public void A_README_names_every_broken_variant_and_how_to_run_it(string slug)
    {
        var readme = File.ReadAllText(Path.Combine(Folder(slug), "README.md"));

        Assert.Contains($"lab run {slug}", readme, StringComparison.Ordinal);
        Assert.All(Mode(slug).Lab.Bugs, bug => Assert.Contains($"--bug {bug.Name}", readme, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Slugs))]
    public void A_lab_is_its_modes_and_promises_something_that_a_variant_breaks(string slug)
    {
        var lab = Mode(slug).Lab;

        Assert.Equal(slug, lab.Slug);
        Assert.NotEmpty(lab.Workloads);
        Assert.NotEmpty(lab.Promised);
        Assert.NotEmpty(lab.NotPromised);
        Assert.NotEmpty(lab.Bugs);
    }

    [Fact]
    public void The_template_is_in_no_catalogue() => Assert.Null(ModeCatalog.Find(TemplateMode.Slug));

    private static Mode Mode(string slug) => Everything.Single(mode => mode.Slug == slug);

    private static string Folder(string slug)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "Cluster.sln")))
        {
            root = root.Parent;
        }

        return Path.Combine(root.FullName, "src", "Modes", string.Concat(slug.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..])));
    }
}
