using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads;
using Cluster.Lab.Workloads.Recipes;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Tests.Workloads;

/// <summary>Every workload against a store that is right, and against stores that are wrong in one way each.</summary>
public class CatalogTests
{
    private static readonly WorkloadOptions Options = new() { Processes = 8, LockLease = TimeSpan.FromMilliseconds(60) };

    /// <summary>Of the workloads on a store; one that asks a mode has tests of its own.</summary>
    public static TheoryData<string> Names => [.. WorkloadCatalog.All.Where(entry => entry.Mode is null).Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_store_that_keeps_its_promise_is_found_to_keep_it(string name)
    {
        var history = Record(WorkloadCatalog.Find(name)!, Flaw.None, Options, operations: 4_000).History;

        Assert.InRange(history.Operations.Count(operation => operation.Outcome == Outcome.Ok), 1_500, int.MaxValue);
        Assert.Contains(history.Operations, operation => operation.Outcome == Outcome.Info);
        Assert.All(Judge(WorkloadCatalog.Find(name)!, history), result => Assert.True(result.Verdict == Verdict.Holds, Told(result)));
    }

    [Theory]
    [InlineData("register", Flaw.StaleReads)]
    [InlineData("register", Flaw.LostWrites)]
    [InlineData("inserts", Flaw.LostWrites)]
    [InlineData("counter", Flaw.StaleReads)]
    [InlineData("counter", Flaw.LostWrites)]
    [InlineData("counter", Flaw.AppliedTwice)]
    [InlineData("kv", Flaw.StaleReads)]
    [InlineData("kv", Flaw.LostWrites)]
    [InlineData("kv", Flaw.AppliedTwice)]
    [InlineData("set", Flaw.StaleReads)]
    [InlineData("set", Flaw.LostWrites)]
    [InlineData("set", Flaw.NotAtomic)]
    [InlineData("list", Flaw.StaleReads)]
    [InlineData("list", Flaw.LostWrites)]
    [InlineData("list", Flaw.AppliedTwice)]
    [InlineData("list", Flaw.Reordered)]
    [InlineData("queue", Flaw.StaleReads)]
    [InlineData("queue", Flaw.LostWrites)]
    [InlineData("queue", Flaw.AppliedTwice)]
    [InlineData("queue", Flaw.NotAtomic)]
    [InlineData("queue", Flaw.Reordered)]
    [InlineData("log", Flaw.LostWrites)]
    [InlineData("log", Flaw.AppliedTwice)]
    [InlineData("log", Flaw.NotAtomic)]
    [InlineData("log", Flaw.Reordered)]
    [InlineData("lock", Flaw.LostWrites)]
    [InlineData("lock", Flaw.NotAtomic)]
    [InlineData("bank", Flaw.LostWrites)]
    [InlineData("bank", Flaw.NotAtomic)]
    [InlineData("list-append", Flaw.StaleReads)]
    [InlineData("list-append", Flaw.LostWrites)]
    [InlineData("list-append", Flaw.AppliedTwice)]
    [InlineData("list-append", Flaw.NotAtomic)]
    [InlineData("list-append", Flaw.Reordered)]
    public void A_store_with_a_flaw_is_caught(string name, Flaw flaw)
    {
        var entry = WorkloadCatalog.Find(name)!;
        var (history, store) = Record(entry, flaw, Options, operations: 2_000);

        Assert.True(flaw == Flaw.NotAtomic || store.Spoiled > 0, "the flaw never showed");
        Assert.Contains(Judge(entry, history), result => result.Verdict == Verdict.Violated);
    }

    [Fact]
    public void A_resource_that_does_not_compare_tokens_is_caught()
    {
        var entry = WorkloadCatalog.Find("lock")!;
        var unfenced = entry with { Recipe = options => new Unfenced(entry.Recipe(options)) };

        var history = Record(unfenced, Flaw.None, Options, operations: 2_000).History;

        Assert.Contains(Judge(entry, history), result => result.Verdict == Verdict.Violated);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_seed_gives_the_same_history_and_another_seed_another(string name)
    {
        var entry = WorkloadCatalog.Find(name)!;
        string Run(int seed) => string.Join('\n', Record(entry, Flaw.None, Options with { Seed = seed }, operations: 500).History.Operations);

        Assert.Equal(Run(7), Run(7));
        Assert.NotEqual(Run(7), Run(8));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_operation_is_one_that_the_checkers_understand(string name)
    {
        var entry = WorkloadCatalog.Find(name)!;
        foreach (var spread in Enum.GetValues<KeySpread>())
        {
            var history = Record(entry, Flaw.None, Options with { Spread = spread, DeletePercent = name == "kv" ? 5 : 0 }, operations: 500).History;
            foreach (var checker in entry.Checkers.Concat(entry.StaleCheckers))
            {
                Assert.All(history.Operations, operation => Assert.True(CheckerCatalog.Find(checker)!.Create(CheckLimits.Default, TimeProvider.System).Understands(operation), $"{checker}: {operation}"));
            }
        }
    }

    [Theory]
    [InlineData("set", "add")]
    [InlineData("list", "append")]
    [InlineData("queue", "enqueue")]
    public void A_key_retires_after_so_many_values(string name, string put)
    {
        var options = Options with { WritesPerKey = 40 };

        var history = Record(WorkloadCatalog.Find(name)!, Flaw.None, options, operations: 3_000).History;

        var most = history.Operations.Where(operation => operation.Op == put).GroupBy(operation => operation.Key).Max(key => key.Count());
        Assert.InRange(most, 30, options.WritesPerKey);
    }

    [Fact]
    public void Transactions_of_lists_see_what_they_appended_themselves()
    {
        var clock = new VirtualClock();
        var recipe = WorkloadCatalog.Find("list-append")!.Recipe(Options);
        StoreAnswer answer = default;
        clock.Run(async () => answer = await recipe.ExecuteAsync(new FakeSession(new FakeStore(clock), 0, clock, 0), new Request("txn", "t", """["append","x","1"]""", """["r","x",null]""", """["append","x","2"]""", """["r","y",null]""")));

        Assert.Equal("""[["append","x","1"],["r","x",["1"]],["append","x","2"],["r","y",[]]]""", answer.Output);
    }

    internal static (History History, FakeStore Store) Record(WorkloadEntry entry, Flaw flaw, WorkloadOptions options, int operations, Func<TimeProvider, Func<ModeCall, StoreAnswer>>? mode = null)
    {
        var clock = new VirtualClock();
        var store = new FakeStore(clock, flaw) { Mode = mode?.Invoke(clock) };
        var recorder = new HistoryRecorder();
        var workload = new Workload(entry, options, client => new FakeSession(store, client, clock, lostPercent: 1), recorder, new HistoryClock(clock), clock);
        using var stop = new CancellationTokenSource();
        clock.Run(async () =>
        {
            var running = workload.RunAsync(stop.Token);
            while (recorder.Count < operations)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), clock).ConfigureAwait(false);
            }

            // Not the asynchronous way, which would leave this thread.
#pragma warning disable CA1849
            stop.Cancel();
#pragma warning restore CA1849
            await running.ConfigureAwait(false);
            await workload.ReadAllAsync(TimeSpan.FromSeconds(60), CancellationToken.None).ConfigureAwait(false);
        });
        return (recorder.ToHistory(), store);
    }

    internal static List<CheckResult> Judge(WorkloadEntry entry, History history) =>
        [.. entry.Checkers.Select(name => CheckerCatalog.Find(name)!.Create(CheckLimits.Default, TimeProvider.System).Check(history))];

    private static string Told(CheckResult result) => $"{result.Checker}: {result.Verdict}, {result.Summary}\n{string.Join('\n', result.Details)}";

    /// <summary>Lets everybody in who has a token.</summary>
    private sealed class Unfenced(IRecipe fenced) : IRecipe
    {
        public async Task<StoreAnswer> ExecuteAsync(IClientSession session, Request request)
        {
            if (request.Op != "access")
            {
                return await fenced.ExecuteAsync(session, request);
            }

            return await session.IncrementAsync(request.Key + ":accesses", 1);
        }
    }
}
