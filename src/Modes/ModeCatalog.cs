using Cluster.Modes.SharedNothing;

namespace Cluster.Modes;

/// <summary>Every mode that this build can run, in the order of the catalogue.</summary>
public static class ModeCatalog
{
    public static IReadOnlyList<Mode> All { get; } =
    [
        SharedNothingMode.Mode,
    ];

    /// <summary>The mode of that slug; null if there is none.</summary>
    public static Mode? Find(string slug) => All.FirstOrDefault(mode => mode.Slug == slug);
}
