using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;
using Cluster.Lab.Reports;

namespace Cluster.Lab.Tests.Reports;

public class ReportTests
{
    [Fact]
    public void A_fault_lasts_until_what_ends_it()
    {
        var history = new History([new(1, "read", "k", [], 0, 100, Outcome.Ok)],
        [
            new("kill", "n1", 10), new("pause", "n2", 20), new("partition", "n1 / n2,n3", 30), new("link", "n1 n2", 35),
            new("restart", "n1", 40), new("heal", "", 50), new("resume", "n2", 60), new("kill", "n3", 70),
        ]);

        Assert.Equal(
            ["kill n1 10-40", "pause n2 20-60", "partition n1 / n2,n3 30-50", "link n1 n2 35-50", "kill n3 70-100"],
            FaultBand.Of(history).Select(band => $"{band.Fault} {band.Target} {band.Start}-{band.End}"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Windows_count_every_operation_once_and_quantiles_are_those_of_a_sorted_list(int seed)
    {
        var random = new Random(seed);
        var operations = Enumerable.Range(0, 5000).Select(number =>
        {
            var call = random.NextInt64(30_000_000_000);
            return new Operation(number, "read", "k", [], call, call + random.NextInt64(1, 50_000_000), (Outcome)random.Next(3));
        }).ToList();

        var (width, windows) = TimeWindow.Of(operations);

        Assert.InRange(windows.Count, 2, 201);
        Assert.Equal(operations.Count, windows.Sum(window => window.Ok + window.Failed + window.Unknown));
        foreach (var window in windows.Where(window => window.Ok > 0))
        {
            var latencies = operations.Where(operation => operation.Outcome == Outcome.Ok && operation.Return >= window.Start && operation.Return < window.Start + width)
                .Select(operation => operation.Return - operation.Call).ToList();
            Assert.True(latencies.Count(latency => latency <= window.P95) >= 0.95 * latencies.Count, "at least 95 % are not above");
            Assert.True(latencies.Count(latency => latency < window.P95) < 0.95 * latencies.Count, "and no smaller value would do");
            Assert.Equal(latencies.Max(), window.Slowest);
        }
    }

    [Fact]
    public void A_page_needs_nothing_else_and_a_value_cannot_become_code()
    {
        var history = new History([new(1, "write", "k", ["</script><script>alert(1)</script>{{style}}"], 0, 10, Outcome.Ok)], []);

        var page = ReportWriter.Page(new RunReport("A <b>title</b>", Verdict.Holds, history, []));

        Assert.DoesNotContain("alert(1)</script>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>title", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", page, StringComparison.Ordinal);
        Assert.DoesNotContain("{{title}}", page, StringComparison.Ordinal);
        Assert.Equal(2, page.Split("</script>").Length - 1);
    }

    [Fact]
    public void The_operations_that_show_a_violation_can_be_pointed_at()
    {
        var history = new History([new(1, "write", "k", ["a"], 0, 10, Outcome.Ok), new(2, "read", "k", [], 20, 30, Outcome.Ok, null)], []);

        var result = new LinearizabilityChecker(KeyValueModel.Kv, CheckLimits.Default, TimeProvider.System).Check(history);

        Assert.Contains("\"piece\":[0,1]", ReportWriter.Page(new RunReport("t", Verdict.Violated, history, [result])), StringComparison.Ordinal);
    }
}
