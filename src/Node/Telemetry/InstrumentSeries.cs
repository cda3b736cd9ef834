using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Cluster.Node.Telemetry;

/// <summary>One instrument's figures, a series for each set of labels, named and typed as Prometheus wants them.</summary>
internal sealed class InstrumentSeries
{
    /// <summary>Label sets of one instrument. Beyond it something unbounded (a key, a client) has become a label.</summary>
    public const int MaxSeries = 256;

    private const string Overflow = "overflow=\"true\"";

    /// <summary>From 100 microseconds to 10 seconds: a local read to a lost deadline.</summary>
    private static readonly double[] SecondsBuckets = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private static readonly double[] BytesBuckets = [64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 8388608];
    private static readonly double[] CountBuckets = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096];

    private readonly ConcurrentDictionary<string, Series> series = new(StringComparer.Ordinal);
    private readonly string type;
    private readonly string help;
    private readonly double[]? buckets;
    private readonly bool replaces;

    public InstrumentSeries(Instrument instrument)
    {
        var generic = instrument.GetType().GetGenericTypeDefinition();
        var isCounter = generic == typeof(Counter<>) || generic == typeof(ObservableCounter<>);
        var isHistogram = generic == typeof(Histogram<>);

        // Observable instruments report totals, gauges report values: both stand for themselves. The rest reports changes.
        replaces = instrument.IsObservable || generic == typeof(Gauge<>);
        type = isHistogram ? "histogram" : isCounter ? "counter" : "gauge";
        help = (instrument.Description ?? "").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        Name = PrometheusName.Of(instrument.Name, instrument.Unit, isCounter);
        if (isHistogram)
        {
            buckets = instrument.Unit switch { "s" => SecondsBuckets, "By" => BytesBuckets, _ => CountBuckets };
        }
    }

    public string Name { get; }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var key = labels.IsEmpty ? "" : LabelCache.TextOf(labels);
        if (!series.TryGetValue(key, out var found))
        {
            key = series.Count < MaxSeries ? key : Overflow;
            found = series.GetOrAdd(key, _ => new Series(buckets));
        }

        found.Record(value, replaces);
    }

    public void Write(StringBuilder text, bool withHeader)
    {
        if (series.IsEmpty)
        {
            return;
        }

        if (withHeader)
        {
            text.Append("# HELP ").Append(Name).Append(' ').Append(help).Append('\n');
            text.Append("# TYPE ").Append(Name).Append(' ').Append(type).Append('\n');
        }

        foreach (var (labels, one) in series.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            one.Write(text, Name, labels);
        }
    }

    /// <summary>One label set's figures. Its own lock: a measurement touches one series only.</summary>
    private sealed class Series(double[]? bounds)
    {
        private readonly Lock gate = new();
        private readonly long[]? counts = bounds is null ? null : new long[bounds.Length + 1];
        private double total;
        private long count;

        public void Record(double value, bool replaces)
        {
            lock (gate)
            {
                total = replaces ? value : total + value;
                count++;
                if (counts is not null)
                {
                    var at = Array.BinarySearch(bounds!, value);
                    counts[at < 0 ? ~at : at]++;
                }
            }
        }

        public void Write(StringBuilder text, string name, string labels)
        {
            lock (gate)
            {
                if (counts is null)
                {
                    Line(text, name, labels, total);
                    return;
                }

                var separator = labels.Length == 0 ? "" : ",";
                var below = 0L;
                for (var i = 0; i < counts.Length; i++)
                {
                    below += counts[i];
                    var bound = i < bounds!.Length ? PrometheusName.Number(bounds[i]) : "+Inf";
                    Line(text, name + "_bucket", $"{labels}{separator}le=\"{bound}\"", below);
                }

                Line(text, name + "_sum", labels, total);
                Line(text, name + "_count", labels, count);
            }
        }

        private static void Line(StringBuilder text, string name, string labels, double value)
        {
            text.Append(name);
            if (labels.Length > 0)
            {
                text.Append('{').Append(labels).Append('}');
            }

            text.Append(' ').Append(PrometheusName.Number(value)).Append('\n');
        }
    }
}
