using System.Text.RegularExpressions;
using Cluster.Lab.Schedules;
using Cluster.Lab.Tests.Architecture;
using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Tests.Documentation;

/// <summary>docs/testing.md says of faults and rules what the code has.</summary>
public sealed partial class TestingPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "testing.md"));

    [Fact]
    public void Every_kind_of_fault_stands_in_the_table_in_the_order_of_the_code() => Assert.Equal(ScheduleNames.AllKinds, Rows("## `faults.json`").Select(row => row[0]));

    [Fact]
    public void An_amount_of_the_table_is_the_usual_one_of_its_kind()
    {
        foreach (var row in Rows("## `faults.json`"))
        {
            var kind = ScheduleNames.Find(row[0])!.Value;
            var told = Amounts(new PlannedFault(kind, "one", default, default, row[^1].Length == 0 ? null : row[^1]));

            Assert.Equal(Amounts(new PlannedFault(kind, "one", default, default)), told);
            Assert.Equal(told is null, row[^1].Length == 0);
        }
    }

    [Fact]
    public void The_schedule_of_the_page_can_be_played()
    {
        var example = Page.Split("```json\n")[1].Split("```")[0];

        Assert.Equal(2, ScheduleFile.Parse(example, "testing.md", ["n1", "n2", "n3"]).Faults.Count);
        Assert.All(FaultRole.Known, role => Assert.Contains($"`{role}`", Page, StringComparison.Ordinal));
    }

    /// <summary>Read from the source: what judges the cluster cannot see its engine.</summary>
    [Fact]
    public void Every_rule_of_the_simulator_stands_in_the_table()
    {
        var source = File.ReadAllText(Path.Combine(Repository.Root, "src", "Engine", "Simulation", "Safety", "SafetyRule.cs"));

        Assert.Equal(Rule().Matches(source).Select(rule => rule.Groups[1].Value), Rows("## What the simulator judges").Select(row => row[0]));
    }

    /// <summary>The cells of the last table under a heading, without their back quotes.</summary>
    private static List<string[]> Rows(string heading) =>
    [
        .. Page.Split(heading)[1].Split("\n## ")[0].Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Split(" | ").Select(cell => cell.Trim('`', ' ', '|')).ToArray())
            .Select(cells => cells.Length == 2 ? [.. cells, ""] : cells),
    ];

    private static string? Amounts(PlannedFault fault) => fault.Kind switch
    {
        FaultType.Delay => $"{FaultAmount.DelayMs(fault)} ms",
        FaultType.Loss or FaultType.Duplicate or FaultType.Reorder => $"{FaultAmount.Percent(fault)} %",
        FaultType.Throttle => $"{FaultAmount.BytesPerSecond(fault)} bytes",
        FaultType.SlowDisk => $"{FaultAmount.FlushMs(fault)} ms",
        FaultType.ClockSkew => $"{FaultAmount.SkewMs(fault)} ms",
        FaultType.ClockDrift => $"{FaultAmount.Rate(fault)} times",
        _ => null,
    };

    [GeneratedRegex(@"^    ([A-Z]\w+),", RegexOptions.Multiline)]
    private static partial Regex Rule();
}
