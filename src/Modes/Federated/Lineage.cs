using System.Collections.Immutable;

namespace Cluster.Modes.Federated;

/// <summary>The homes of a group one after the other, as far as a cluster has learnt of them. Pure.</summary>
public static class Lineage
{
    /// <summary>Epochs that are kept: a cluster that was away for more failovers than this treats whatever it wrote alone as unreplicated, and is told what of that is known already.</summary>
    public const int Most = 16;

    /// <summary>The home now. Where nobody has decided anything, it is the region's own cluster, under epoch 1: that needs no agreement, since it follows from the name.</summary>
    public static HomeEpoch Current(ImmutableArray<HomeEpoch> epochs, string region) => epochs.IsDefaultOrEmpty ? new HomeEpoch(1, region, WriteVersion.None) : epochs[^1];

    public static ImmutableArray<HomeEpoch> With(ImmutableArray<HomeEpoch> epochs, string region, HomeEpoch next)
    {
        ImmutableArray<HomeEpoch> all = epochs.IsDefaultOrEmpty ? [Current(epochs, region), next] : [.. epochs, next];
        return all.Length <= Most ? all : all[^Most..];
    }

    /// <summary>Whether a write was never seen by the home that came after the one that took it: it stands on a branch that the others did not follow.</summary>
    public static bool IsDivergent(ImmutableArray<HomeEpoch> epochs, WriteVersion version)
    {
        foreach (var epoch in epochs.IsDefault ? [] : epochs)
        {
            if (epoch.IsAfter(version))
            {
                return version > epoch.At;
            }
        }

        return false;
    }
}
