using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads;

namespace Cluster.Lab.Tests.Workloads;

public class WorkloadTests
{
    private static readonly WorkloadOptions Options = new() { Processes = 4, Keys = 3, CounterKeys = 1, CasPercent = 0, Pause = TimeSpan.FromMilliseconds(1) };

    [Fact]
    public async Task A_server_that_keeps_its_promise_is_found_to_keep_it()
    {
        using var server = new ScriptedServer();

        var history = await RecordAsync(server, operations: 300);

        Assert.Equal(Verdict.Holds, new LinearizabilityChecker(KeyValueModel.Kv, CheckLimits.Default, TimeProvider.System).Check(history).Verdict);
        Assert.Equal(Verdict.Holds, new AcknowledgedWritesChecker().Check(history).Verdict);
    }

    [Fact]
    public async Task A_server_that_forgets_every_fifth_write_is_caught()
    {
        var writes = 0;
        using var server = new ScriptedServer { Script = (_, words) => words[0] == "SET" && Interlocked.Increment(ref writes) % 5 == 0 ? new("+OK\r\n") : null };

        var history = await RecordAsync(server, operations: 600);

        Assert.Equal(Verdict.Violated, new LinearizabilityChecker(KeyValueModel.Kv, CheckLimits.Default, TimeProvider.System).Check(history).Verdict);
    }

    [Fact]
    public async Task A_server_that_counts_but_forgets_has_lost_increments()
    {
        var counts = 0;
        using var server = new ScriptedServer { Script = (_, words) => words[0] == "INCRBY" && Interlocked.Increment(ref counts) % 5 == 0 ? new(":1\r\n") : null };

        var history = await RecordAsync(server, operations: 600);

        Assert.Equal(Verdict.Violated, new AcknowledgedWritesChecker().Check(history).Verdict);
    }

    [Theory]
    [InlineData("-CLUSTERDOWN no leader\r\n", Outcome.Fail)]
    [InlineData("-MISCONF disk full\r\n", Outcome.Fail)]
    [InlineData("-UNKNOWN outcome unknown\r\n", Outcome.Info)]
    [InlineData("-ERR something new\r\n", Outcome.Info)]
    [InlineData(null, Outcome.Info)]
    public async Task A_write_has_failed_only_where_it_certainly_had_no_effect(string? answer, Outcome expected)
    {
        using var server = new ScriptedServer { Script = (number, words) => words[0] is "SET" or "INCRBY" && number % 3 == 0 ? new(answer) : null };

        var history = await RecordAsync(server, operations: 200);

        var odd = history.Operations.Where(operation => operation.Outcome != Outcome.Ok && !operation.IsRead).ToList();
        Assert.NotEmpty(odd);
        Assert.All(odd, operation => Assert.Equal(expected, operation.Outcome));
    }

    [Fact]
    public async Task A_client_with_an_unknown_outcome_goes_on_under_a_new_number()
    {
        using var server = new ScriptedServer { Script = (number, _) => number % 25 == 0 ? new(null) : null };

        var history = await RecordAsync(server, operations: 400);

        var unknown = history.Operations.Where(operation => operation.Outcome == Outcome.Info).ToList();
        Assert.NotEmpty(unknown);
        Assert.All(unknown, operation => Assert.DoesNotContain(history.Operations, later => later.Process == operation.Process && later.Call > operation.Call));
    }

    private static async Task<History> RecordAsync(ScriptedServer server, int operations)
    {
        using var recorded = new MemoryStream();
        using (var writer = new HistoryWriter(recorded))
        {
            var workload = Workload.OnNodes(WorkloadCatalog.Kv, Options, [server.Node], writer, new HistoryClock(TimeProvider.System), TimeProvider.System);
            using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            var running = workload.RunAsync(stop.Token);
            while (writer.Count < operations && !stop.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
            }

            await stop.CancelAsync();
            await running;
            await workload.ReadAllAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        }

        return HistoryReader.Read(new StreamReader(new MemoryStream(recorded.ToArray())));
    }
}
