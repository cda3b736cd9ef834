using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Cluster.Lab.Tests.Architecture;

/// <summary>What docs/architecture.md and CONTRIBUTING.md promise of the code's shape.</summary>
public sealed partial class ArchitectureTests
{
    /// <summary>
    /// Every project may see itself and those named here: Shared, Engine, Modes, Node one way; Shared, Lab, Client the other. The simulator alone sees both
    /// sides, and nobody sees it.
    /// </summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Shared"] = [],
        ["Engine"] = ["Shared"],
        ["Modes"] = ["Engine"],
        ["Node"] = ["Modes"],
        ["Lab"] = ["Shared"],
        ["Client"] = ["Lab"],
        ["Simulator"] = ["Modes", "Lab"],
    };

    [Fact]
    public void Dependencies_between_projects_run_one_way()
    {
        var projects = Repository.Files("src", "*.csproj").ToArray();
        Assert.Equal(Allowed.Keys.Order(), projects.Select(project => Path.GetFileNameWithoutExtension(project)).Order());
        foreach (var project in projects)
        {
            var references = XDocument.Load(Path.Combine(Repository.Root, project)).Descendants("ProjectReference")
                .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
            Assert.Equal(Allowed[Path.GetFileNameWithoutExtension(project)], references);
        }
    }

    [Fact]
    public void A_mode_references_no_other_mode()
    {
        foreach (var file in Repository.Files("src/Modes", "*.cs").Where(file => file.Split('/').Length > 3))
        {
            var own = file.Split('/')[2];
            var others = ModeUse().Matches(File.ReadAllText(Path.Combine(Repository.Root, file))).Select(match => match.Groups[1].Value).Where(mode => mode != own && File.Exists(Path.Combine(Repository.Root, "src", "Modes", mode, mode + "Mode.cs")));
            Assert.True(!others.Any(), $"{file} uses {string.Join(", ", others)}");
        }
    }

    /// <summary>Props are run when the child begins, on its own turn: who sent the parent's message is another one by then, or nobody.</summary>
    [Fact]
    public void No_props_read_the_sender_when_they_are_run()
    {
        foreach (var file in Repository.Files("src", "*.cs"))
        {
            Assert.False(SenderInProps().IsMatch(File.ReadAllText(Path.Combine(Repository.Root, file))), $"{file}: Props.Create(... Sender ...) is run later: take the sender into a local first");
        }
    }

    [Fact]
    public void A_namespace_is_its_folder()
    {
        foreach (var file in Repository.Files("src", "*.cs"))
        {
            var declared = Declaration().Match(File.ReadAllText(Path.Combine(Repository.Root, file)));
            var expected = "Cluster." + string.Join('.', Path.GetDirectoryName(file)!.Split('/').Skip(1));
            Assert.True(!declared.Success || declared.Groups[1].Value == expected, $"{file} declares {declared.Groups[1].Value}, not {expected}");
        }
    }

    [Fact]
    public void No_file_is_longer_than_400_lines()
    {
        foreach (var file in Repository.Files("src", "*.cs"))
        {
            var lines = File.ReadLines(Path.Combine(Repository.Root, file)).Count();
            Assert.True(lines <= 400, $"{file} has {lines} lines: split it by concern");
        }
    }

    [Fact]
    public void No_link_in_the_documents_is_dead()
    {
        var pages = Repository.Files("docs", "*.md").Concat(Repository.Files("src", "*.md")).Concat(["README.md", "CONTRIBUTING.md"]);
        foreach (var page in pages)
        {
            var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
            foreach (var target in Link().Matches(File.ReadAllText(Path.Combine(Repository.Root, page))).Select(match => match.Groups[1].Value))
            {
                var path = Path.GetFullPath(Path.Combine(folder, target));
                Assert.True(File.Exists(path) || Directory.Exists(path), $"{page} links to {target}, which is not there");
            }
        }
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    /// <summary>Between the parentheses of one <c>Props.Create</c>: what closes them cannot be taken.</summary>
    [GeneratedRegex(@"Props\.Create\((?:[^()]|(?<inner>\()|(?<-inner>\)))*?\bSender\b")]
    private static partial Regex SenderInProps();

    [GeneratedRegex(@"Cluster\.Modes\.(\w+)")]
    private static partial Regex ModeUse();

    [GeneratedRegex(@"\]\((?!https?:|#)([^)#]+)[^)]*\)")]
    private static partial Regex Link();
}
