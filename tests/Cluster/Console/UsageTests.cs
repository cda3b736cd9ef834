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
    [InlineData("load --out ", "--out is empty")]
    [InlineData("run saga --out ", "--out is empty")]
    [InlineData("status --dir ", "--dir is empty")]
    [InlineData("up --dir ", "--dir is empty")]
    [InlineData("down --dir ", "--dir is empty")]
    [InlineData("kv get a --dir ", "--dir is empty")]
    [InlineData("mode --dir ", "--dir is empty")]
    [InlineData("lock a --show --dir ", "--dir is empty")]
    [InlineData("certs show --dir ", "--dir is empty")]
    [InlineData("check a.jsonl --report ", "--report is empty")]
    [InlineData("clock n1 --rate NaN", "'NaN' is not a rate")]
    [InlineData("clock n1 --rate Infinity", "'Infinity' is not a rate")]
    [InlineData("clock n1 --skew 61m", "'61m' is not a time")]
    [InlineData("saga list --most 500", "1 to 200")]
    [InlineData("pubsub publish . hello", "TOPIC is '.'")]
    public async Task What_is_not_understood_is_named_and_ends_with_64(string line, string says)
    {
        var result = (await ConsoleProcess.LabAsync("/nonexistent", line.Split(' '))).Expect(64);

        Assert.Contains(says, result.Error, StringComparison.Ordinal);
        Assert.Contains("--help", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    /// <summary>What is refused by more than the parser: before a cluster is looked for, or anything is written.</summary>
    [Theory]
    [InlineData("r is given twice", "kv", "--mode", "quorum", "--dial", "r=1", "--dial", "r=2", "get", "k")]
    [InlineData("r is given twice", "kv", "--mode", "quorum", "--r", "1", "--dial", "r=2", "get", "k")]
    [InlineData("the key is empty", "kv", "get", "")]
    [InlineData("the key is empty", "kv", "cas", "", "a")]
    [InlineData("TOPIC is empty", "pubsub", "publish", "", "a")]
    [InlineData("NAME is empty", "lock", "", "--", "true")]
    [InlineData("knows no option '--waitt'; did you mean '--wait'?", "lock", "a", "--waitt", "0s", "--", "true")]
    [InlineData("is no UTF-8", "kv", "get", "a\uFFFD")]
    [InlineData("there is no file /nonexistent.json", "compare", "--from", "/nonexistent.json")]
    [InlineData("did you mean 'quorum'?", "compare", "--mode", "quorun", "--out", "/nonexistent/out")]
    [InlineData("there is no flaw 'nope'; there are", "up", "--flaw", "nope")]
    [InlineData("'nope' is not a fault that a disk can start with", "up", "--disk-faults", "nope")]
    [InlineData("not 'never' or a time", "up", "--replace-after", "NaNs")]
    [InlineData("--out /proc/nope cannot be made", "run", "saga", "--out", "/proc/nope")]
    [InlineData("--out /nonexistent/history.jsonl cannot be written", "load", "--out", "/nonexistent/history.jsonl")]
    public async Task What_cannot_be_done_as_it_was_asked_for_ends_with_64_and_leaves_nothing(string says, params string[] line)
    {
        var result = (await ConsoleProcess.LabAsync("/nonexistent", line)).Expect(64);

        Assert.Contains(says, result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
        Assert.False(Directory.Exists("/nonexistent"));
    }

    [Fact]
    public async Task A_file_that_is_no_comparison_ends_with_65()
    {
        var file = Path.GetTempFileName();
        foreach (var text in new[] { "{}", "null", "[", "{\"modes\":[null]}" })
        {
            await File.WriteAllTextAsync(file, text);
            Assert.Contains("is no comparison", (await ConsoleProcess.LabAsync("/nonexistent", "compare", "--from", file)).Expect(65).Error, StringComparison.Ordinal);
        }

        File.Delete(file);
    }

    [Fact]
    public async Task A_report_that_cannot_be_written_is_no_verdict()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """{"process":1,"op":"read","key":"k","input":[],"call":0,"return":1,"outcome":"ok","output":null}""" + "\n");

        Assert.Contains("--report /nonexistent/x.html cannot be written", (await ConsoleProcess.LabAsync("/nonexistent", "check", file, "--report", "/nonexistent/x.html")).Expect(64).Error, StringComparison.Ordinal);
        File.Delete(file);
    }

    /// <summary>A cluster.json that nobody's program has written stands for whatever the console has not thought of.</summary>
    [Fact]
    public async Task A_defect_of_the_console_is_one_line_and_a_code_of_its_own()
    {
        var directory = Directory.CreateTempSubdirectory("lab-defect");
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "cluster.json"), """{"name":"lab","nodes":null}""");
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "launch.json"), """{"name":"lab"}""");

        var result = (await ConsoleProcess.LabAsync(directory.FullName, "status")).Expect(70);

        Assert.Contains("please report it", Assert.Single(result.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        directory.Delete(recursive: true);
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
