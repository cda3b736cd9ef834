namespace Cluster.Lab.Benchmarks.Reports;

/// <summary>One benchmark run. The console prints it with <c>-o json</c>; fields are added, never renamed.</summary>
/// <param name="Loop"><c>closed</c>, or <c>open</c> with its rate.</param>
public sealed record BenchReport(
    string Workload,
    string Loop,
    double? Rate,
    int Clients,
    int Pipeline,
    double Seconds,
    double WarmUpSeconds,
    int ValueBytes,
    long Keys,
    string Distribution,
    double? ReadShare,
    string? Consistency,
    IReadOnlyList<TargetReport> Targets,
    IReadOnlyList<RatioReport> Ratios);
