namespace Cluster.Lab.Benchmarks.Reports;

/// <summary>Latencies of one kind of request in microseconds, to three significant digits.</summary>
public sealed record LatencyReport(long Count, double MeanUs, double P50Us, double P90Us, double P99Us, double P999Us, double MaxUs)
{
    public static LatencyReport Of(LatencyHistogram histogram) => new(
        histogram.Count,
        Math.Round(histogram.MeanNs / 1000, 1),
        Microseconds(histogram, 50),
        Microseconds(histogram, 90),
        Microseconds(histogram, 99),
        Microseconds(histogram, 99.9),
        Math.Round(histogram.MaxNs / 1000.0, 1));

    private static double Microseconds(LatencyHistogram histogram, double percent) => Math.Round(histogram.PercentileNs(percent) / 1000.0, 1);
}
