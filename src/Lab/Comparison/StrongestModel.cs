using Cluster.Lab.Checkers;

namespace Cluster.Lab.Comparison;

/// <summary>The strongest consistency model that a recorded history satisfies, of those that there are checkers for; and whether that is as strong as a claim.</summary>
internal static class StrongestModel
{
    /// <summary>What no order explains, and what does not come together either.</summary>
    public const string None = "none";

    /// <summary>From the strongest down, each with its checker.</summary>
    private static readonly (string Model, string Checker)[] Tried =
    [
        ("linearizable", "register"),
        ("sequential", "sequential"),
        ("session", "session"),
        ("eventual", CheckerCatalog.Convergence),
    ];

    /// <summary>A history that a model explains is explained within a second; a search that takes longer than this proves nothing in time, and counts as not shown.</summary>
    private static readonly CheckLimits Limits = CheckLimits.Default with { Time = TimeSpan.FromSeconds(5) };

    /// <returns>The model; and of the next stronger one, why it does not hold.</returns>
    public static (string Model, string? Why) Of(FaultOutcome outcome, TimeProvider time)
    {
        string? why = null;
        foreach (var (model, checker) in Tried)
        {
            var result = CheckerCatalog.Find(checker)!.Create(Limits, time).Check(checker == "session" ? outcome.Owned : outcome.History);
            if (result.Verdict == Verdict.Holds)
            {
                return (model, why);
            }

            why = result.Verdict == Verdict.Unknown ? $"{model}: not decided ({result.Summary})" : $"{model}: {(result.Details is [var first, ..] ? first : result.Summary)}";
        }

        return (None, why);
    }

    /// <summary>Whether a history that satisfies <paramref name="found"/> keeps what is claimed. Claims of convergence, however fast, are kept by convergence.</summary>
    public static bool IsAsStrongAs(string found, string claimed) => Rank(found) <= Rank(claimed);

    private static int Rank(string model) => model switch
    {
        "linearizable" => 0,
        "sequential" => 1,
        "session" => 2,
        None => 4,
        _ => 3,
    };
}
