using System.Globalization;
using System.Text.RegularExpressions;

namespace Cluster.Lab.Templates;

/// <summary>
/// Makes a new mode from <c>src/Modes/Template</c>: a copy under the new name, and its line in the catalogue. It is text work alone: what it makes compiles because the template does,
/// and nothing that exists is written over.
/// </summary>
/// <param name="modes">The folder <c>src/Modes</c> of a checkout.</param>
public sealed partial class ModeTemplate(string modes)
{
    /// <summary>A slug is typed on command lines and stands in tables.</summary>
    private const int MaxLength = 40;

    private const string Source = "Template";

    private string Catalog => Path.Combine(modes, "ModeCatalog.cs");

    /// <summary>The folder <c>src/Modes</c> of the checkout that a folder belongs to; null if it belongs to none.</summary>
    public static string? FindModes(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            var found = Path.Combine(at.FullName, "src", "Modes");
            if (Directory.Exists(Path.Combine(found, Source)))
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Copies the template. Nothing is written where anything is refused.</summary>
    /// <param name="slug">Lower case, words joined by hyphens.</param>
    /// <exception cref="LabException">It is no slug, or the name is taken, or the catalogue is not as it was.</exception>
    public NewMode Create(string slug)
    {
        Refuse(slug);
        var name = PascalCase(slug);
        var catalog = WithMode(File.ReadAllText(Catalog), name);
        var folder = Path.Combine(modes, name);
        Directory.CreateDirectory(folder);
        var files = new List<string>();
        foreach (var path in Directory.EnumerateFiles(Path.Combine(modes, Source)).Order(StringComparer.Ordinal))
        {
            var file = Path.GetFileName(path).Replace(Source, name, StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(folder, file), Renamed(File.ReadAllText(path), slug));
            files.Add(file);
        }

        File.WriteAllText(Catalog, catalog);
        return new NewMode(slug, name, folder, files);
    }

    /// <summary><c>two-phase-commit</c> as <c>TwoPhaseCommit</c>.</summary>
    public static string PascalCase(string slug) => string.Concat(slug.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    private void Refuse(string slug)
    {
        if (slug.Length > MaxLength || !Slug().IsMatch(slug))
        {
            throw new LabException($"'{slug}' is no name of a mode: lower-case words joined by hyphens, a letter first, at most {MaxLength.ToString(CultureInfo.InvariantCulture)} characters, such as two-phase-commit");
        }

        var name = PascalCase(slug);
        var taken = Directory.EnumerateFileSystemEntries(modes).Select(entry => Path.GetFileNameWithoutExtension(entry)!).FirstOrDefault(entry => entry.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? Directory.EnumerateFiles(modes, "*Mode.cs", SearchOption.AllDirectories).FirstOrDefault(file => File.ReadAllText(file).Contains($"\"{slug}\"", StringComparison.Ordinal));
        if (taken is not null)
        {
            throw new LabException($"the name '{slug}' is taken: see {taken} in {modes}");
        }
    }

    /// <summary>The template's text under the new name; its headline in words.</summary>
    private static string Renamed(string text, string slug)
    {
        var words = slug.Replace('-', ' ');
        return text
            .Replace($"# {Source}\n", $"# {char.ToUpperInvariant(words[0])}{words[1..]}\n", StringComparison.Ordinal)
            .Replace("/// <summary>What <c>lab new-mode</c> copies: the smallest mode that is one. It is compiled and tested as every mode, and stands in no catalogue.</summary>", $"/// <summary>Registers the mode {slug}.</summary>", StringComparison.Ordinal)
            .Replace(Source, PascalCase(slug), StringComparison.Ordinal)
            .Replace("template", slug, StringComparison.Ordinal);
    }

    private static string WithMode(string catalog, string name)
    {
        var lines = catalog.Split('\n').ToList();
        var list = lines.FindIndex(line => line.Contains("IReadOnlyList<Mode> All", StringComparison.Ordinal));
        var end = list < 0 ? -1 : lines.FindIndex(list, line => line.Trim() == "];");
        if (end < 0)
        {
            throw new LabException("ModeCatalog.cs has no list 'All' that ends in a line '];': add the mode by hand, or mend the file");
        }

        lines.Insert(end, $"        {name}Mode.Mode,");
        var use = $"using Cluster.Modes.{name};";
        var after = lines.FindLastIndex(line => line.StartsWith("using ", StringComparison.Ordinal) && string.CompareOrdinal(line, use) < 0);
        lines.Insert(after + 1, use);
        return string.Join('\n', lines);
    }

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
    private static partial Regex Slug();
}
