using System.Globalization;
using System.Text.RegularExpressions;

namespace Cluster.Modes.Tests.Catalog;

/// <summary>A mode's folder in the checkout that these tests were built from: <c>shared-nothing</c> lives in <c>src/Modes/SharedNothing</c>.</summary>
internal sealed partial class ModeFolder(string slug)
{
    public static string Root { get; } = Path.Combine(Find(AppContext.BaseDirectory), "src", "Modes");

    public string Name { get; } = string.Concat(slug.Split('-').Select(word => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(word)));

    public string Readme => File.ReadAllText(PathOf("README.md"));

    /// <summary>The headings of its README below the title, in their order.</summary>
    public IReadOnlyList<string> Headings => [.. Heading().Matches(Readme).Select(match => match.Groups[1].Value)];

    public string PathOf(string file) => Path.Combine(Root, Name, file);

    /// <summary>What stands under that heading.</summary>
    public string Section(string heading) => Readme.Split($"\n## {heading}\n")[1].Split("\n## ")[0];

    private static string Find(string folder) => File.Exists(Path.Combine(folder, "Cluster.sln"))
        ? folder
        : Find(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("no Cluster.sln above the tests"));

    [GeneratedRegex("^## (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
