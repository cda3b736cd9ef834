namespace Cluster.Shared.Http;

/// <summary>What <c>GET /cluster/diagnosis</c> answers: what is not as it should be, as far as the asked node can tell. The worst first; empty when all is well.</summary>
/// <param name="Node">The asked node: others may see more, or less.</param>
public sealed record DiagnosisView(string Node, DateTimeOffset At, IReadOnlyList<FindingView> Findings)
{
    /// <summary>Whether no finding is more than a note.</summary>
    public bool Healthy => Findings.All(finding => finding.Severity == FindingSeverity.Note);
}

/// <summary>One thing that is not as it should be.</summary>
/// <param name="Code">For scripts: which check found it, such as <c>shard-without-leader</c>.</param>
/// <param name="Subject">What it is about: <c>n4</c>, <c>shard 7</c>, <c>control plane</c>.</param>
/// <param name="Problem">What is wrong, and why, in a sentence.</param>
/// <param name="Advice">What to do about it; "nothing" is said when waiting is enough.</param>
public sealed record FindingView(FindingSeverity Severity, string Code, string Subject, string Problem, string Advice);

/// <summary>How bad it is.</summary>
public enum FindingSeverity
{
    /// <summary>Under way, and good by itself in a while.</summary>
    Note = 0,

    /// <summary>Everything is served, but one more failure may change that, or something waits for somebody.</summary>
    Warning = 1,

    /// <summary>Requests fail, or data is at risk.</summary>
    Error = 2,
}
