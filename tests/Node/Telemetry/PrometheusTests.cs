using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.RegularExpressions;
using Cluster.Node.Options;
using Cluster.Node.Telemetry;
using Cluster.Node.Tests.Support;

namespace Cluster.Node.Tests.Telemetry;

/// <summary>The text that Prometheus reads: parses, adds up, and stays bounded.</summary>
public sealed partial class PrometheusTests
{
    [Fact]
    public async Task The_node_s_metrics_parse_and_count_what_happened()
    {
        await using var doors = await Doors.OpenAsync();
        await using var client = await doors.ConnectAsync();
        await client.SendAsync("SET", "a", "1");
        await client.SendAsync("GET", "a");
        await doors.Http.GetAsync("/kv/a");
        var response = await doors.Http.GetAsync("/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        var text = await response.Content.ReadAsStringAsync();
        var samples = Parse(text);
        Assert.True(samples["resp_commands_total{command=\"set\"}"] >= 1);
        Assert.True(samples["resp_connections"] >= 1);
        Assert.True(samples["resp_command_duration_seconds_count{kind=\"write\"}"] >= 1);
        Assert.True(samples["http_request_duration_seconds_count{method=\"GET\",route=\"/kv/{**key}\",status=\"200\"}"] >= 1);
        Assert.Contains(samples.Keys, name => name.StartsWith("dotnet_", StringComparison.Ordinal));
    }

    [Fact]
    public void Histograms_are_cumulative_and_add_up()
    {
        using var exporter = new PrometheusExporter(new NodeOptions());
        using var meter = new Meter("Cluster.Test.Histogram");
        var histogram = meter.CreateHistogram<double>("test.wait", "s");
        foreach (var seconds in new[] { 0.00005, 0.001, 0.0011, 3, 100 })
        {
            histogram.Record(seconds);
        }

        var samples = Parse(exporter.Write());
        Assert.Equal(1, samples["test_wait_seconds_bucket{le=\"0.0001\"}"]);
        Assert.Equal(2, samples["test_wait_seconds_bucket{le=\"0.001\"}"]);
        Assert.Equal(3, samples["test_wait_seconds_bucket{le=\"0.0025\"}"]);
        Assert.Equal(4, samples["test_wait_seconds_bucket{le=\"10\"}"]);
        Assert.Equal(5, samples["test_wait_seconds_bucket{le=\"+Inf\"}"]);
        Assert.Equal(5, samples["test_wait_seconds_count"]);
        Assert.Equal(103.00215, samples["test_wait_seconds_sum"], 9);
    }

    [Fact]
    public void Counters_add_gauges_replace_and_labels_are_escaped()
    {
        using var exporter = new PrometheusExporter(new NodeOptions());
        using var meter = new Meter("Cluster.Test.Kinds");
        var counter = meter.CreateCounter<long>("test.sent", "By", "Bytes\nsent");
        counter.Add(2, new KeyValuePair<string, object?>("to", "a\"b\\c\nd"));
        counter.Add(3, new KeyValuePair<string, object?>("to", "a\"b\\c\nd"));
        var upDown = meter.CreateUpDownCounter<int>("test.open");
        upDown.Add(5);
        upDown.Add(-2);
        meter.CreateObservableGauge("test.level", () => 0.5);
        meter.CreateObservableCounter("test.broken", long () => throw new InvalidOperationException("a bug"));
        exporter.Write();
        var samples = Parse(exporter.Write());
        Assert.Equal(5, samples["""test_sent_bytes_total{to="a\"b\\c\nd"}"""]);
        Assert.Equal(3, samples["test_open"]);
        Assert.Equal(0.5, samples["test_level"]);
    }

    [Fact]
    public void Labels_without_bound_end_in_one_series()
    {
        using var exporter = new PrometheusExporter(new NodeOptions());
        using var meter = new Meter("Cluster.Test.Bound");
        var counter = meter.CreateCounter<long>("test.unbounded");
        for (var i = 0; i < 1000; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("client", i));
        }

        var samples = Parse(exporter.Write()).Where(sample => sample.Key.StartsWith("test_unbounded_total", StringComparison.Ordinal)).ToDictionary();
        Assert.Equal(InstrumentSeries.MaxSeries + 1, samples.Count);
        Assert.Equal(1000 - InstrumentSeries.MaxSeries, samples["test_unbounded_total{overflow=\"true\"}"]);
    }

    /// <summary>Reads the format line by line, and fails at the first line that is not of it.</summary>
    private static Dictionary<string, double> Parse(string text)
    {
        var samples = new Dictionary<string, double>(StringComparer.Ordinal);
        var types = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                Assert.True(types.Add(line.Split(' ')[2]), $"two TYPE lines: {line}");
                continue;
            }

            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                continue;
            }

            Assert.Matches(Sample(), line);
            var blank = line.LastIndexOf(' ');
            samples[line[..blank]] = line[(blank + 1)..] switch { "+Inf" => double.PositiveInfinity, "NaN" => double.NaN, var number => double.Parse(number, CultureInfo.InvariantCulture) };
        }

        return samples;
    }

    [GeneratedRegex("""\A[a-zA-Z_:][a-zA-Z0-9_:]*(\{[a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\.)*"(,[a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\.)*")*\})? [^ ]+\z""")]
    private static partial Regex Sample();
}
