using Cluster.Cluster.Tests.Harness;

namespace Cluster.Cluster.Tests.Console;

/// <summary>What the console says when it is not understood, without any cluster.</summary>
public class UsageTests
{
    [Theory]
    [InlineData("stauts", "did you mean 'status'?")]
    [InlineData("up --nodez 3", "did you mean '--nodes'?")]
    [InlineData("up --nodes 99", "1 to 25")]
    [InlineData("up --name Lab", "a letter first")]
    [InlineData("add N4", "a letter first")]
    [InlineData("add n4 --count 2", "one name")]
    [InlineData("stop", "'NODE'")]
    [InlineData("link n1", "'TO'")]
    [InlineData("link n1 n2 --delay 50", "50ms")]
    [InlineData("status -o yaml", "yaml")]
    [InlineData("kv fetch a", "fetch")]
    [InlineData("kv put a", "lab kv put KEY VALUE")]
    [InlineData("kv get a --dial r", "NAME=VALUE")]
    [InlineData("load --workload chess", "chess")]
    public async Task What_is_not_understood_is_named_and_ends_with_64(string line, string says)
    {
        var result = (await ConsoleProcess.LabAsync("/nonexistent", line.Split(' '))).Expect(64);

        Assert.Contains(says, result.Error, StringComparison.Ordinal);
        Assert.Contains("--help", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("kill n1")]
    [InlineData("add")]
    [InlineData("down")]
    public async Task Without_a_cluster_it_says_how_to_start_one(string line) =>
        Assert.Contains("lab up", (await ConsoleProcess.LabAsync("/nonexistent", line.Split(' '))).Expect(1).Error, StringComparison.Ordinal);

    [Fact]
    public async Task A_workload_of_which_nothing_would_hold_with_stale_reads_is_refused() => Assert.Contains(
        "linearizable or lease", (await ConsoleProcess.LabAsync("/nonexistent", "load", "--workload", "list", "--consistency", "stale")).Expect(64).Error, StringComparison.Ordinal);

    [Fact]
    public async Task Help_shows_examples()
    {
        var result = (await ConsoleProcess.LabAsync("/nonexistent", "link", "--help")).Expect(0);

        Assert.Contains("lab link n1 n2 --delay 50ms --loss 10%", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_history_of_another_model_is_refused_with_the_models_that_know_it()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """{"process":1,"op":"add","key":"s","input":["a"],"call":0,"return":1,"outcome":"ok","output":null}""" + "\n");

        var result = (await ConsoleProcess.LabAsync("/nonexistent", "check", file)).Expect(65);

        Assert.Contains("line 1: the model 'kv' gives no meaning to: process 1: add s", result.Error, StringComparison.Ordinal);
        Assert.Contains("these models understand every operation of it: set, set-totals", result.Error, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public async Task A_history_that_no_model_knows_is_refused_with_what_is_in_it()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """{"process":1,"op":"castle","key":"s","input":["a"],"call":0,"return":1,"outcome":"ok","output":null}""" + "\n");

        Assert.Contains("no model understands every operation of it; it has castle", (await ConsoleProcess.LabAsync("/nonexistent", "check", file)).Expect(65).Error, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public async Task Help_of_check_lists_every_model_with_its_claim()
    {
        var result = (await ConsoleProcess.LabAsync("/nonexistent", "check", "--help")).Expect(0);

        Assert.All(Lab.Checkers.CheckerCatalog.All, entry => Assert.Contains($"  {entry.Name,-20} {entry.Claim}", result.Output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Two_Phase", "is no name of a mode")]
    [InlineData("shared-nothing", "is taken")]
    public async Task A_mode_that_cannot_be_made_is_refused(string name, string because) =>
        Assert.Contains(because, (await ConsoleProcess.LabAsync("/nonexistent", "new-mode", name)).Expect(64).Error, StringComparison.Ordinal);

    [Fact]
    public async Task A_history_with_a_stale_read_is_violated_and_ends_with_1()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllLinesAsync(file, [
            """{"process":1,"op":"write","key":"k","input":["a"],"call":0,"return":1,"outcome":"ok","output":null}""",
            """{"process":1,"op":"write","key":"k","input":["b"],"call":2,"return":3,"outcome":"ok","output":null}""",
            """{"process":2,"op":"read","key":"k","input":[],"call":4,"return":5,"outcome":"ok","output":"a"}""",
        ]);

        var result = (await ConsoleProcess.LabAsync("/nonexistent", "check", file, "--model", "register")).Expect(1);

        Assert.StartsWith("violated", result.Output.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
        File.Delete(file);
    }
}
