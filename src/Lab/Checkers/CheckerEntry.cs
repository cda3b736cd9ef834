namespace Cluster.Lab.Checkers;

/// <summary>A checker as the catalogue names it.</summary>
/// <param name="Claim">What holds when it says so, in one line.</param>
/// <param name="Create">Makes one, within bounds.</param>
public sealed record CheckerEntry(string Name, string Claim, Func<CheckLimits, TimeProvider, IChecker> Create);
