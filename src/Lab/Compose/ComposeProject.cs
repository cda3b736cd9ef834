using System.Text.RegularExpressions;

namespace Cluster.Lab.Compose;

/// <summary>
/// Which compose project is meant. Its name is found as compose finds it: given, else COMPOSE_PROJECT_NAME, else the directory of the compose file. Containers
/// and networks carry it as a label, so the file itself is not read.
/// </summary>
public static partial class ComposeProject
{
    internal const string Label = "com.docker.compose.project";

    /// <param name="given">By --project; null if not.</param>
    /// <param name="fromEnvironment">COMPOSE_PROJECT_NAME; null or empty if not set.</param>
    public static string NameOf(string? given, string? fromEnvironment, string composeFile)
    {
        var directory = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(composeFile))) ?? "";
        var name = given is { Length: > 0 } ? given : fromEnvironment is { Length: > 0 } ? fromEnvironment : directory;
        return NotAllowed().Replace(name.ToLowerInvariant(), "");
    }

    /// <summary>The query part that finds what carries the project's label.</summary>
    internal static string Filter(string project) => "filters=" + Uri.EscapeDataString($$"""{"label":["{{Label}}={{project}}"]}""");

    [GeneratedRegex("[^-_a-z0-9]")]
    private static partial Regex NotAllowed();
}
