namespace Cluster.Lab.Checkers;

/// <summary>The first pieces of evidence that a checker met, as many as people read.</summary>
internal sealed class Evidence
{
    private const int Most = 10;

    private readonly List<string> lines = [];
    private long more;

    public bool IsEmpty => lines.Count == 0;

    public void Add(string line)
    {
        if (lines.Count < Most)
        {
            lines.Add(line);
        }
        else
        {
            more++;
        }
    }

    /// <summary>The verdict: violated outweighs doubt, and doubt never passes.</summary>
    /// <param name="doubt">Why nothing can be concluded; null when something can.</param>
    public CheckResult Conclude(string checker, string summary, bool violated, string? doubt)
    {
        if (more > 0)
        {
            lines.Add($"... and {more} more");
        }

        return violated ? new CheckResult(checker, Verdict.Violated, summary, lines)
            : doubt is not null ? new CheckResult(checker, Verdict.Unknown, $"{summary}: {doubt}", lines)
            : new CheckResult(checker, Verdict.Holds, summary, lines);
    }
}
