namespace Cluster.Lab.Comparison;

/// <summary>How much code a mode is, where its sources are at hand.</summary>
internal static class ModeSources
{
    /// <param name="modes">The folder <c>src/Modes</c> of a checkout; null where there is none.</param>
    /// <returns>Lines of the mode's own C# that are neither empty nor comments; null without its sources.</returns>
    public static int? LinesOf(string? modes, string slug)
    {
        var folder = modes is null ? null : Path.Combine(modes, string.Concat(slug.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..])));
        return folder is not null && Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Sum(file => File.ReadLines(file).Count(IsCode))
            : null;
    }

    private static bool IsCode(string line) => line.AsSpan().Trim() is { IsEmpty: false } words && !words.StartsWith("//");
}
