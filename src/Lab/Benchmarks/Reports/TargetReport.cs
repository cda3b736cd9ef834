namespace Cluster.Lab.Benchmarks.Reports;

/// <summary>What was measured of one target. Throughput counts requests answered without error.</summary>
/// <param name="PerSecond">Median of the rounds.</param>
/// <param name="Rounds">Throughput of each round.</param>
/// <param name="Reads">Null when the workload has none; so are the writes.</param>
/// <param name="Unanswered">Requests that had no answer two seconds after the end; in the latencies they stand with what they had waited by then.</param>
/// <param name="Misses">Reads that found nothing.</param>
/// <param name="Errors">By first word of the error reply, or in brackets what befell the connection.</param>
/// <param name="LoadErrors">The same for the keys written before.</param>
/// <param name="GeneratorCpuUs">Processor time of the load generator for a request, in microseconds.</param>
/// <param name="ServerCpuUs">Processor time of the target's processes on this machine for a request, in microseconds; null when none is known. Noise of a busy machine hardly moves it.</param>
/// <param name="Timeline">Answers in each 100 ms of the measured time, round after round.</param>
public sealed record TargetReport(
    string Name,
    IReadOnlyList<string> Resp,
    double PerSecond,
    IReadOnlyList<double> Rounds,
    long Answered,
    LatencyReport All,
    LatencyReport? Reads,
    LatencyReport? Writes,
    long Unanswered,
    long Misses,
    long Reconnects,
    IReadOnlyDictionary<string, long> Errors,
    IReadOnlyDictionary<string, long> LoadErrors,
    double GeneratorCpuUs,
    double? ServerCpuUs,
    IReadOnlyList<ProcessReport> Processes,
    IReadOnlyList<long> Timeline)
{
    public long ErrorCount => Errors.Values.Sum();
}
