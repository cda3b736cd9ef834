namespace Cluster.Lab.Checkers;

/// <summary>What a checker concluded. The number is the process exit code; unknown never passes.</summary>
public enum Verdict
{
    /// <summary>The history keeps the promise.</summary>
    Holds = 0,

    /// <summary>The history breaks it, and the checker says where.</summary>
    Violated = 1,

    /// <summary>Nothing can be said: the search met a bound, or the history does not contain what the promise is about.</summary>
    Unknown = 2,
}
