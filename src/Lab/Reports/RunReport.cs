using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;
using Cluster.Lab.Messages;

namespace Cluster.Lab.Reports;

/// <summary>All that a report of one run shows. What is not known is left out of the page.</summary>
/// <param name="Title">What was run, as a headline.</param>
/// <param name="Results">What each checker concluded, in the order in which they matter.</param>
public sealed record RunReport(string Title, Verdict Verdict, History History, IReadOnlyList<CheckResult> Results)
{
    /// <summary>What was asked of the cluster, in a sentence or two.</summary>
    public string Question { get; init; } = "";

    /// <summary>Why nothing can be concluded, whatever the checkers say; null when nothing stands against it.</summary>
    public string? Doubt { get; init; }

    /// <summary>What the mode does not promise.</summary>
    public IReadOnlyList<string> NotPromised { get; init; } = [];

    /// <summary>Facts about the run by name, such as when, where, the seed and the command that repeats it. In their order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Facts { get; init; } = [];

    /// <summary>What the cluster told of itself, on the history's clock.</summary>
    public IReadOnlyList<Happening> Happenings { get; init; } = [];

    /// <summary>What the nodes said to each other, on the history's clock.</summary>
    public IReadOnlyList<RecordedMessage> Messages { get; init; } = [];

    /// <summary>Records of messages that were lost before they could be read: the diagram is short of them.</summary>
    public long MessagesMissed { get; init; }
}
