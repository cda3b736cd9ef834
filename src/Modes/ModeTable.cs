using System.Globalization;
using System.Text;

namespace Cluster.Modes;

/// <summary>The catalogue as a page: <c>docs/modes.md</c> begins with this text, and a test fails where it does not.</summary>
public static class ModeTable
{
    /// <summary>The page in Markdown, links relative to <c>docs/</c>.</summary>
    public static string Markdown(IReadOnlyList<Mode> modes)
    {
        ArgumentNullException.ThrowIfNull(modes);
        var page = new StringBuilder("# Modes\n\nEvery mode that this build runs: `./lab run MODE` ends in a verdict, `./lab run MODE --bug VARIANT` in `violated`. Those with a database are storage modes: [how they compare](compare.md), and in short [below](#the-storage-modes-measured). Made by `{ ./lab list -o markdown; ./lab compare --from docs/samples/compare.json -o markdown-short; } > docs/modes.md`.\n\n");
        page.Append("| mode | family | what it claims | broken variants | what it can be asked |\n|---|---|---|---|---|\n");
        foreach (var mode in modes)
        {
            var operations = mode.Parts.Operations.Count > 0 ? Words(mode.Parts.Operations.Select(operation => operation.Name)) : "keys, over RESP and HTTP";
            operations += mode.Storage is { Database: var database } ? string.Create(CultureInfo.InvariantCulture, $"; database {database}") : "";
            page.Append(CultureInfo.InvariantCulture, $"| [{mode.Slug}](../src/Modes/{Folder(mode.Slug)}/README.md) | {mode.Family} | {mode.Claim} | {Words(mode.Lab.Bugs.Select(bug => bug.Name))} | {operations} |\n");
        }

        return page.ToString();
    }

    private static string Words(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"`{name}`"));

    /// <summary><c>leader-election</c> lives in <c>LeaderElection</c>.</summary>
    private static string Folder(string slug) => string.Concat(slug.Split('-').Select(CultureInfo.InvariantCulture.TextInfo.ToTitleCase));
}
