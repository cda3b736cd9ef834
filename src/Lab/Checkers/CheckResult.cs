namespace Cluster.Lab.Checkers;

/// <summary>A checker's verdict on one history, with a sentence for people and the evidence behind it.</summary>
public sealed record CheckResult(string Checker, Verdict Verdict, string Summary, IReadOnlyList<string> Details);
