using Cluster.Modes.SharedNothing;

namespace Cluster.Modes;

/// <summary>Every mode that this build can run, in the order of the catalogue.</summary>
public static class ModeCatalog
{
    public static IReadOnlyList<ModeDescription> All { get; } = [SharedNothingMode.Description];
}
