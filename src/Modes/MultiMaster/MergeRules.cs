namespace Cluster.Modes.MultiMaster;

/// <summary>How states are merged. All false as it is meant; each is a broken variant.</summary>
/// <param name="SumsCounts">Of two counts of one replica the sum is kept instead of the larger: to merge once more counts once more.</param>
/// <param name="DropsSiblings">Of siblings the latest is kept.</param>
internal sealed record MergeRules(bool SumsCounts = false, bool DropsSiblings = false)
{
    public static readonly MergeRules Correct = new();
}
