namespace Cluster.Client.Bench;

/// <summary>A row of bars, each as high as its value beside the highest: how a run went over time, on one line.</summary>
internal static class Sparkline
{
    private const string Bars = "▁▂▃▄▅▆▇█";

    /// <summary>At most <paramref name="width"/> bars; each stands for the mean of the values it covers.</summary>
    public static string Of(IReadOnlyList<long> values, int width)
    {
        var columns = Math.Min(width, values.Count);
        var means = new double[columns];
        for (var column = 0; column < columns; column++)
        {
            var from = column * values.Count / columns;
            var to = Math.Max(from + 1, (column + 1) * values.Count / columns);
            for (var i = from; i < to; i++)
            {
                means[column] += values[i] / (double)(to - from);
            }
        }

        var highest = means.DefaultIfEmpty().Max();
        return string.Concat(means.Select(mean => highest == 0 ? Bars[0] : Bars[(int)Math.Round(mean / highest * (Bars.Length - 1))]));
    }
}
