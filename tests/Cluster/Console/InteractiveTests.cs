using Cluster.Cluster.Tests.Harness;

namespace Cluster.Cluster.Tests.Console;

/// <summary>The console that stays, fed from a pipe: lines are verbs or a mode's operations, and one that fails does not end it.</summary>
[Collection(OneClusterGroup.Name)]
public sealed class InteractiveTests(OneCluster shared)
{
    [Fact]
    public async Task Verbs_and_operations_are_carried_out_line_by_line_at_the_node_that_is_spoken_with()
    {
        await using var cluster = await shared.WholeAsync();
        var name = cluster.NewPrefix() + "l";

        var printed = await RunAsync(cluster.Nodes.Directory.Path, $"""
            # what a class might type
            node n2
            leader-election who
            use lock
            acquire name={name} 'session=it is me'
            show name={name}
            lab status
            kv put {name} value
            lab kv get {name}
            exit
            nothing after it
            """);

        printed.Expect(0);
        Assert.Contains("\"leader\":", printed.Output, StringComparison.Ordinal);
        Assert.Contains("\"session\":\"it is me\",\"granted\":true", printed.Output, StringComparison.Ordinal);
        Assert.Contains("control plane led by", printed.Output, StringComparison.Ordinal);
        Assert.Contains("value", printed.Output, StringComparison.Ordinal);
        Assert.Empty(printed.Error);
    }

    [Fact]
    public async Task Its_exit_code_is_that_of_the_last_line_that_failed_and_it_goes_on_after_each()
    {
        await using var cluster = await shared.WholeAsync();

        var printed = await RunAsync(cluster.Nodes.Directory.Path, "statsu\nkv get 'open\nuse loc\nconsole\nlock acquire session=me\nnode n9\nkill n77\nleader-election who\n");

        printed.Expect(64);
        Assert.Contains("did you mean 'status'?", printed.Error, StringComparison.Ordinal);
        Assert.Contains("a quote is open", printed.Error, StringComparison.Ordinal);
        Assert.Contains("did you mean 'lock'?", printed.Error, StringComparison.Ordinal);
        Assert.Contains("this is the console already", printed.Error, StringComparison.Ordinal);
        Assert.Contains("name", printed.Error, StringComparison.Ordinal);
        Assert.Contains("there is no node 'n9'", printed.Error, StringComparison.Ordinal);
        Assert.Contains("\"leader\":", printed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_cluster_it_begins_all_the_same()
    {
        var printed = await RunAsync("/nonexistent", "status\nlist\n");

        printed.Expect(1);
        Assert.Contains("lab up", printed.Error, StringComparison.Ordinal);
        Assert.Contains("shared-nothing", printed.Output, StringComparison.Ordinal);
    }

    private static Task<ConsoleProcess> RunAsync(string directory, string input) =>
        ConsoleProcess.RunAsync("dotnet", [ConsoleProcess.ConsoleDll, "console"], new Dictionary<string, string> { ["LAB_DIR"] = directory }, input);
}
