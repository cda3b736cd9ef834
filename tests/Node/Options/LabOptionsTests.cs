using Cluster.Engine.Flaws;
using Cluster.Node.Options;
using Cluster.Shared.Http;

namespace Cluster.Node.Tests.Options;

/// <summary>What breaks a node from its start on: only with <c>--lab</c>, and only what is known.</summary>
public sealed class LabOptionsTests
{
    private static readonly string[] Lab = ["--seeds", "a:1", "--lab"];

    [Fact]
    public void Flaws_are_planted_by_name_each_once()
    {
        Assert.Empty(Started(Lab).Flaws);
        Assert.Equal(["vote-twice", "no-fsync"], Started([.. Lab, "--flaw", "vote-twice", "--flaw=no-fsync", "--flaw", "vote-twice"]).Flaws.Select(flaw => flaw.Name));
    }

    [Fact]
    public void A_variable_names_several_flaws_with_commas_between() =>
        Assert.Equal(["stale-read", "dirty-read"], Started(Lab, ("CLUSTER_FLAW", "stale-read, dirty-read")).Flaws.Select(flaw => flaw.Name));

    [Fact]
    public void An_unknown_flaw_is_refused_with_the_list_of_the_known()
    {
        var line = Assert.Single(Refused([.. Lab, "--flaw", "no-sync"]));
        Assert.StartsWith("--flaw 'no-sync': there is no flaw 'no-sync'; there are stale-read, ", line, StringComparison.Ordinal);
        Assert.All(FlawCatalog.All, flaw => Assert.Contains(flaw.Name, line, StringComparison.Ordinal));
    }

    [Fact]
    public void Disk_faults_are_known_from_the_start()
    {
        Assert.Equal(DiskFaultView.None, Started(Lab).DiskFaults);
        Assert.Equal(new DiskFaultView(LoseUnsynced: true), Started([.. Lab, "--disk-faults", "lose-unsynced"]).DiskFaults);
        Assert.Equal(new DiskFaultView(LoseUnsynced: true, Torn: true), Started(Lab, ("CLUSTER_DISK_FAULTS", "torn,lose-unsynced")).DiskFaults);
    }

    [Theory]
    [InlineData("torn", "--disk-faults 'torn': torn tears what lose-unsynced holds back: write lose-unsynced,torn")]
    [InlineData("slow", "--disk-faults 'slow': 'slow' is not a fault that a disk can start with: write lose-unsynced, or lose-unsynced,torn; others are set while the node runs")]
    public void A_disk_fault_that_cannot_be_is_refused(string value, string why) => Assert.Equal([why], Refused([.. Lab, "--disk-faults", value]));

    [Fact]
    public void Without_lab_nothing_is_broken_on_purpose()
    {
        Assert.Equal(["--flaw vote-twice needs --lab: it breaks the node on purpose"], Refused(["--seeds", "a:1"], ("CLUSTER_FLAW", "vote-twice")));
        Assert.Equal(["--disk-faults needs --lab: it loses data on purpose"], Refused(["--seeds", "a:1", "--disk-faults", "lose-unsynced"]));
    }

    [Fact]
    public void A_flawed_node_says_so_when_it_is_written_down() =>
        Assert.EndsWith(", lab, flawed: vote-twice, no-fsync", Started([.. Lab, "--flaw", "vote-twice,no-fsync"]).ToString(), StringComparison.Ordinal);

    private static NodeOptions Started(string[] arguments, params (string Name, string Value)[] environment)
    {
        var outcome = Parse(arguments, environment);
        Assert.True(outcome.CanStart, string.Join('\n', outcome.Lines));
        return outcome.Options;
    }

    private static IReadOnlyList<string> Refused(string[] arguments, params (string Name, string Value)[] environment)
    {
        var outcome = Parse(arguments, environment);
        Assert.Equal(ExitCode.Usage, outcome.Code);
        return outcome.Lines;
    }

    private static OptionsOutcome Parse(string[] arguments, (string Name, string Value)[] environment) => NodeOptionsParser.Parse(
        arguments, name => name == "CLUSTER_ADMIN_TOKEN" ? "0123456789abcdef" : environment.FirstOrDefault(variable => variable.Name == name).Value);
}
