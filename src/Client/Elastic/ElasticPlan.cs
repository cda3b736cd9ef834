namespace Cluster.Client.Elastic;

/// <summary>Which nodes come and go, how often, and how patiently.</summary>
/// <param name="Staying">Nodes that never leave; two or more, so that a majority is never asked of one.</param>
/// <param name="Leaving">Nodes that take turns; the seeds and the control plane's first leader are among them, since theirs is the harder leave.</param>
internal sealed record ElasticPlan(IReadOnlyList<string> Staying, IReadOnlyList<string> Leaving, int Rounds)
{
    /// <summary>Operations answered before a node leaves, and before it comes back.</summary>
    public int OperationsBetween { get; init; } = 300;

    /// <summary>For each step: what takes longer hangs.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Between two operations of one client.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(6);

    /// <summary>The first nodes leave, the last two stay.</summary>
    public static ElasticPlan For(IReadOnlyList<string> nodes, int rounds) => new([.. nodes.TakeLast(2)], [.. nodes.SkipLast(2)], rounds);
}
