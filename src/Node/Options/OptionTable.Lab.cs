using Cluster.Modes;

namespace Cluster.Node.Options;

/// <content>What breaks a node on purpose from its start on. All of it needs <c>--lab</c>, so that no variable that was left behind breaks a node that matters.</content>
internal static partial class OptionTable
{
    private const string LoseUnsynced = "lose-unsynced";
    private const string Torn = "torn";

    private static IReadOnlyList<OptionSpec> Breaking =>
    [
        new("--disk-faults", "CLUSTER_DISK_FAULTS", "FAULT,...", "none", $"How the disk forgets when the process is killed: {LoseUnsynced} as at a power loss, {Torn} with half a write left besides. Needs --lab.", DiskFaults),
        new("--flaw", "CLUSTER_FLAW", "NAME", "none", $"A bug to plant, for a checker to find; may be given several times. One of: {ModeCatalog.FlawNames}. Needs --lab.", Flaw),
    ];

    private static IEnumerable<string> LabContradictions(NodeOptions options)
    {
        if (options.Lab)
        {
            yield break;
        }

        if (options.Flaws.Count > 0)
        {
            yield return $"--flaw {options.Flaws[0]} needs --lab: it breaks the node on purpose";
        }

        if (options.DiskFaults.LoseUnsynced)
        {
            yield return "--disk-faults needs --lab: it loses data on purpose";
        }
    }

    private static string? DiskFaults(string value, ref NodeOptions options)
    {
        var faults = options.DiskFaults;
        foreach (var part in Parts(value))
        {
            if (part is not (LoseUnsynced or Torn))
            {
                return $"'{part}' is not a fault that a disk can start with: write {LoseUnsynced}, or {LoseUnsynced},{Torn}; others are set while the node runs";
            }

            faults = part == Torn ? faults with { Torn = true } : faults with { LoseUnsynced = true };
        }

        return faults is { Torn: true, LoseUnsynced: false }
            ? $"{Torn} tears what {LoseUnsynced} holds back: write {LoseUnsynced},{Torn}"
            : Set(ref options, options with { DiskFaults = faults });
    }

    /// <summary>A variable cannot be given twice: there, names stand with commas between.</summary>
    private static string? Flaw(string value, ref NodeOptions options)
    {
        foreach (var name in Parts(value))
        {
            if (ModeCatalog.FindFlaw(name) is not { } flaw)
            {
                return $"there is no flaw '{name}'; there are {ModeCatalog.FlawNames}";
            }

            if (!options.Flaws.Contains(flaw))
            {
                options = options with { Flaws = [.. options.Flaws, flaw] };
            }
        }

        return null;
    }

    private static string[] Parts(string value) => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
