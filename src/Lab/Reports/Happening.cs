namespace Cluster.Lab.Reports;

/// <summary>Something that the cluster told of itself while the history was recorded.</summary>
/// <param name="At">Nanoseconds on the history's clock.</param>
/// <param name="Node">Who told it.</param>
/// <param name="Kind">leader, member, reachability, move.</param>
public sealed record Happening(long At, string Node, string Kind, string Text);
