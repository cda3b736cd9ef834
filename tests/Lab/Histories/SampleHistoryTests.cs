using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;
using Cluster.Lab.Tests.Architecture;

namespace Cluster.Lab.Tests.Histories;

/// <summary>The samples in docs/samples: a right history and a wrong one of each foreign kind, judged as docs/console.md says.</summary>
public class SampleHistoryTests
{
    [Theory]
    [InlineData("jepsen-register-holds.edn", "register", Verdict.Holds, null)]
    [InlineData("jepsen-register-violated.edn", "register", Verdict.Violated, "process 1 read \"4\" at 0.0200 s, after process 0 had overwritten it with \"5\" by 0.0180 s")]
    [InlineData("jepsen-append-holds.edn", "strict-serializable", Verdict.Holds, null)]
    [InlineData("jepsen-append-violated.edn", "serializable", Verdict.Violated, "G2, write skew: a cycle of anti-dependencies: T1 (")]
    [InlineData("jepsen-append-violated.edn", "read-committed", Verdict.Holds, null)]
    [InlineData("jepsen-append-violated.edn", "snapshot-isolation", Verdict.Holds, null)]
    [InlineData("porcupine-kv-holds.json", "kv", Verdict.Holds, null)]
    [InlineData("porcupine-kv-violated.json", "kv", Verdict.Violated, "process 2 read \"a\" at 0.0200 s, although process 1 had seen the newer \"b\" by 0.0180 s")]
    public void A_sample_gets_the_verdict_of_its_name(string file, string model, Verdict verdict, string? sentence)
    {
        var history = HistoryReader.Read(Path.Combine(Repository.Root, "docs", "samples", file));

        var result = CheckerCatalog.Find(model)!.Create(CheckLimits.Default, TimeProvider.System).Check(history);

        Assert.Equal(verdict, result.Verdict);
        Assert.StartsWith(sentence ?? "", string.Join('\n', result.Details), StringComparison.Ordinal);
        Assert.Equal(sentence is null, result.Details.Count == 0);
        Assert.Contains(file, File.ReadAllText(Path.Combine(Repository.Root, "docs", "console.md")), StringComparison.Ordinal);
    }

    /// <summary>The page shows what the console prints of a sample, to the letter.</summary>
    [Fact]
    public void The_page_shows_what_is_printed()
    {
        var result = CheckerCatalog.Find("register")!.Create(CheckLimits.Default, TimeProvider.System).Check(HistoryReader.Read(Path.Combine(Repository.Root, "docs", "samples", "jepsen-register-violated.edn")));

        Assert.Contains($"{string.Join('\n', result.Details)}\nviolated: {result.Summary}\n", File.ReadAllText(Path.Combine(Repository.Root, "docs", "console.md")), StringComparison.Ordinal);
    }

    /// <summary>docs/console.md lists what each model knows.</summary>
    [Fact]
    public void Every_model_stands_in_the_documents()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "console.md"));

        Assert.All(CheckerCatalog.All, entry => Assert.Contains($"`{entry.Name}`", page, StringComparison.Ordinal));
    }
}
