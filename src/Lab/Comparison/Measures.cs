using Cluster.Shared.Http;

namespace Cluster.Lab.Comparison;

// The vocabulary of compare.json. Fields are added, never renamed. Times in milliseconds or seconds, as their names say.

/// <summary>One comparison: every storage mode under one workload and one schedule of faults.</summary>
/// <param name="Date">When it was measured, UTC.</param>
/// <param name="Machine">Where: processors, memory, kernel.</param>
/// <param name="Seconds">Of each measurement.</param>
/// <param name="Sizes">Nodes of the clusters whose throughput was measured.</param>
/// <param name="FaultNodes">Nodes of the cluster that was broken.</param>
public sealed record ComparisonReport(string Date, string Machine, double Seconds, int Seed, IReadOnlyList<int> Sizes, int FaultNodes, IReadOnlyList<ModeComparison> Modes);

/// <summary>One mode: what is printed of it, what it claims, and what was measured.</summary>
/// <param name="Verdict">Whether the history under faults keeps what the mode claims: <c>holds</c>, <c>violated</c>, <c>unknown</c>.</param>
public sealed record ModeComparison(string Slug, string Claim, string ClaimedModel, TextbookView Textbook, string Verdict)
{
    public IReadOnlyList<LoadMeasure> Loads { get; init; } = [];

    public CostMeasure? Cost { get; init; }

    public IReadOnlyList<FaultMeasure> Faults { get; init; } = [];

    public SafetyMeasure? Safety { get; init; }

    public IReadOnlyList<DialMeasure> Dial { get; init; } = [];

    /// <summary>Lines of the mode's own C# that are neither empty nor comments; null without its sources.</summary>
    public int? LinesOfCode { get; init; }

    /// <summary>What is printed against what was measured, a line a column.</summary>
    public IReadOnlyList<TextbookRemark> Remarks { get; init; } = [];

    /// <summary>Why something was not measured; null when all was.</summary>
    public string? Failed { get; init; }
}

/// <summary>A closed loop of readers and writers, half of each, over Redis's protocol.</summary>
/// <param name="Refused">Requests that were answered with an error, or not at all.</param>
public sealed record LoadMeasure(int Nodes, double PerSecond, double ReadP50Ms, double ReadP99Ms, double WriteP50Ms, double WriteP99Ms, long Refused);

/// <summary>Messages between nodes for one operation, without faults and without other load.</summary>
/// <param name="Why">The theory in words.</param>
public sealed record CostMeasure(int Nodes, double Get, double Put, double GetTheory, double PutTheory, double GetBytes, double PutBytes, string Why)
{
    /// <summary>How far the counted messages may be from the theory.</summary>
    public const double Tolerance = 0.2;

    public bool AgreesWithTheory => Within(Get, GetTheory) && Within(Put, PutTheory);

    /// <summary>A fifth of a message is noise whatever the theory says: what goes on beside operations is not the same in any two windows.</summary>
    private static bool Within(double counted, double theory) => Math.Abs(counted - theory) <= Math.Max(0.2, Tolerance * theory);
}

/// <summary>What one fault did to the clients of each side.</summary>
/// <param name="Target">The node that was struck.</param>
/// <param name="Struck">Of the operations asked of that node while it lasted, the share that was answered; null where nobody could ask.</param>
/// <param name="Others">The same for the other nodes.</param>
/// <param name="RecoveredAfterSeconds">From its beginning until the other nodes answered everything again, each answer within a tenth of a second; 0: they never stopped; null: not before it was taken back.</param>
public sealed record FaultMeasure(string Fault, string Target, double Seconds, double? Struck, double? Others, double? RecoveredAfterSeconds);

/// <summary>What the history of all faults together shows.</summary>
/// <param name="Lost">Acknowledged writes that the last readings do not have.</param>
/// <param name="StaleShare">Of the reads, the share that was certainly stale, from 0 to 1.</param>
/// <param name="ConvergedAfterSeconds">After the last fault and the last write, until all nodes said the same of every key; null: not within the time.</param>
/// <param name="Strongest">The strongest model that the history satisfies, of those that were tried.</param>
/// <param name="Why">Of the next stronger one, why it does not hold; null where there is none.</param>
public sealed record SafetyMeasure(long Operations, long Acknowledged, long Lost, double StaleShare, double StaleP50Ms, double StaleMaxMs, double? ConvergedAfterSeconds, string Strongest, string? Why);

/// <summary>One setting of the mode's dial, with one node's links slowed so that it shows.</summary>
public sealed record DialMeasure(string Dial, string ClaimedModel, double PerSecond, double ReadP99Ms, double WriteP99Ms, double StaleShare, double StaleP50Ms);

/// <summary>A textbook's adjective beside a measurement.</summary>
/// <param name="Agrees">Null where the measurement cannot tell.</param>
public sealed record TextbookRemark(string Column, string Printed, string Measured, bool? Agrees);
