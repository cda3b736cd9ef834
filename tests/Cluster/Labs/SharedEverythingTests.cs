using System.Text.Json;
using Cluster.Cluster.Tests.Harness;
using Cluster.Lab.Databases;

namespace Cluster.Cluster.Tests.Labs;

/// <summary><c>lab run shared-everything</c> on a PostgreSQL that the lab starts itself: it is killed under load, everything is there afterwards, and nothing of it is left behind.</summary>
public sealed class SharedEverythingTests : IDisposable
{
    private readonly string directory = TestCluster.NewDirectory();

    public SharedEverythingTests() => Assert.SkipUnless(PostgresBinaries.AreInstalled, "no PostgreSQL is installed here: initdb is neither in PATH nor under /usr/lib/postgresql");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task The_database_dies_under_load_and_nothing_acknowledged_is_lost()
    {
        var schedule = Path.Combine(directory, "planned.json");
        await File.WriteAllTextAsync(
            schedule,
            """{"faults":[{"kind":"kill","target":"database","start":"2s","length":"1s"},{"kind":"pause","target":"one","start":"5s","length":"1s"}]}""",
            TestContext.Current.CancellationToken);

        var run = (await ConsoleProcess.LabAsync(directory, "run", "shared-everything", "--seconds", "8", "--seed", "1", "--faults", schedule, "--out", directory)).Expect(0);

        Assert.Equal("holds", run.Output.TrimEnd().Split('\n')[^1]);
        Assert.Contains("kill 1 (1 of the database), pause 1", run.Output, StringComparison.Ordinal);
        Assert.Contains("availability 0 % while the database was away", run.Output, StringComparison.Ordinal);
        using var verdict = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(directory, "verdict.json"), TestContext.Current.CancellationToken));
        Assert.Equal(1, verdict.RootElement.GetProperty("faultsOfDatabase").GetProperty("kill").GetInt32());
        Assert.Contains("""{"fault":"kill","target":"database",""", await File.ReadAllTextAsync(Path.Combine(directory, "history.jsonl"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(directory, "nodes")), "data was left behind");
        Assert.Empty(Left());
    }

    [Fact]
    public async Task The_simulator_says_that_it_has_none_and_that_nothing_was_shown()
    {
        foreach (var arguments in new string[][] { ["run", "shared-everything", "--engine", "sim", "--seed", "1"], ["sim", "--mode", "shared-everything", "--seeds", "2"] })
        {
            var run = (await ConsoleProcess.LabAsync(directory, arguments)).Expect(2);

            Assert.Contains("shared-everything is not played in the simulator: it needs a real PostgreSQL", run.Output, StringComparison.Ordinal);
            Assert.Equal("unknown", run.Output.TrimEnd().Split('\n')[^1]);
        }
    }

    /// <summary>Postmasters whose data is in this test's directory, or where the lab puts it when another user runs them.</summary>
    private List<string> Left() =>
    [
        .. Directory.EnumerateDirectories("/proc").Where(process => int.TryParse(Path.GetFileName(process), out _)).Select(CommandLine)
            .Where(line => line.Contains("postgres", StringComparison.Ordinal) && (line.Contains(directory, StringComparison.Ordinal) || line.Contains(PostgresServer.OtherFolder(Path.Combine(directory, "nodes")), StringComparison.Ordinal))),
    ];

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // It has just ended.
        }
    }
}
