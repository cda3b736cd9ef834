using System.Reflection;

namespace Cluster.Simulator.Runs;

/// <summary>Which sources this program was built from, as far as its build knew.</summary>
internal static class Commit
{
    private const int Shown = 12;

    /// <summary>The commit's first digits; "unknown" where the sources were no checkout.</summary>
    public static string Name { get; } = typeof(Commit).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+') is [_, { Length: > 0 } full]
        ? full[..Math.Min(Shown, full.Length)]
        : "unknown";
}
