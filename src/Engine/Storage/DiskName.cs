namespace Cluster.Engine.Storage;

/// <summary>
/// The rule for names on an <see cref="IDisk"/>: parts of <c>a-z A-Z 0-9 . _ -</c> joined by '/', none of them starting with a dot,
/// so that no name leaves the data directory, whatever it was made from.
/// </summary>
internal static class DiskName
{
    private const int MaxLength = 200;

    /// <exception cref="ArgumentException">The name breaks the rule.</exception>
    public static string Require(string name)
    {
        var partStarts = true;
        foreach (var c in name)
        {
            var allowed = c == '/' ? !partStarts : char.IsAsciiLetterOrDigit(c) || (!partStarts && c == '.') || c is '_' or '-';
            if (!allowed)
            {
                throw Refuse(name);
            }

            partStarts = c == '/';
        }

        return partStarts || name.Length > MaxLength ? throw Refuse(name) : name;
    }

    /// <summary>As <see cref="Require"/>, and the empty name stands for the data directory itself.</summary>
    public static string RequireFolder(string folder) => folder.Length == 0 ? folder : Require(folder);

    /// <summary>The folder that holds a name; empty for the data directory itself.</summary>
    public static string FolderOf(string name) => name.LastIndexOf('/') is var slash and >= 0 ? name[..slash] : "";

    public static string Join(string folder, string leaf) => folder.Length == 0 ? leaf : folder + "/" + leaf;

    /// <exception cref="ArgumentException">The two names are in different folders, where a rename is not atomic in the sense of one folder sync.</exception>
    public static void RequireSameFolder(string from, string to)
    {
        if (FolderOf(from) != FolderOf(to))
        {
            throw new ArgumentException($"'{from}' cannot be renamed to '{to}': a rename stays within one folder");
        }
    }

    private static ArgumentException Refuse(string name) =>
        new($"'{name}' is not a file name here: 1 to {MaxLength} characters of letters, digits, '.', '_', '-', parts joined by '/', no part starting with '.'");
}
