namespace Cluster.Shared.Results;

/// <summary>A refusal: a code to act on and a sentence that says what happened, where, and what to do.</summary>
public sealed record ClusterError(ErrorCode Code, string Message)
{
    public override string ToString() => $"{Code}: {Message}";
}
