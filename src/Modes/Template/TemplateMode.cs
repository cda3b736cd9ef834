namespace Cluster.Modes.Template;

/// <summary>What <c>lab new-mode</c> copies: the smallest mode that is one. It is compiled and tested as every mode, and stands in no catalogue.</summary>
public static class TemplateMode
{
    public const string Slug = "template";

    public static Mode Mode { get; } = new(
        Slug,
        "storage",
        "Every increment that was acknowledged counts, and counts once, whichever one node dies.",
        TemplateLab.Scenario);
}
