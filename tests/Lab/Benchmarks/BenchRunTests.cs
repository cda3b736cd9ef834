using System.Net;
using Cluster.Lab.Benchmarks;
using Cluster.Lab.Benchmarks.Reports;
using Cluster.Lab.Benchmarks.Requests;
using Cluster.Lab.Tests.Workloads;

namespace Cluster.Lab.Tests.Benchmarks;

/// <summary>The load generator against servers that stall, refuse and hang up. No claim depends on how fast this machine is.</summary>
public class BenchRunTests
{
    private const int Rate = 1000;

    private static readonly BenchOptions Options = new() { Clients = 1, Pipeline = 8, Workload = BenchWorkload.Set, WarmUp = TimeSpan.Zero, Measured = TimeSpan.FromSeconds(1) };

    [Fact]
    public async Task A_stall_shows_in_an_open_loop_in_every_request_that_fell_due_meanwhile()
    {
        using var server = new ScriptedServer { Script = (number, words) => Stall(number, words) };

        var report = await RunAsync(server, Options with { Rate = Rate });

        // 400 requests fell due while nothing was answered: they waited from 0 to 400 ms, so a fifth of all waited for more than 200.
        Assert.Equal(Rate, report.All.Count);
        Assert.True(report.All.P90Us >= 200_000, $"p90 {report.All.P90Us} us");
    }

    [Fact]
    public async Task What_is_due_while_the_server_is_gone_is_sent_when_it_is_back_and_nothing_is_left_out()
    {
        using var server = new ScriptedServer { Script = (number, words) => number == 200 ? new(null) : Pong(words) };

        var report = await RunAsync(server, Options with { Rate = Rate });

        Assert.Equal(1, report.Reconnects);
        Assert.InRange(report.Errors[Tally.ConnectionLost], 1, Options.Pipeline);
        Assert.Equal(Rate, report.All.Count + report.Errors[Tally.ConnectionLost]);
    }

    [Fact]
    public async Task What_is_due_while_the_generator_itself_is_held_up_past_its_end_is_not_left_out_either()
    {
        using var server = new ScriptedServer { Script = (_, words) => Pong(words) };

        var report = await RunAsync(server, Options with { Rate = Rate }, new HeldUpTime(after: TimeSpan.FromMilliseconds(800), by: TimeSpan.FromMilliseconds(400)));

        Assert.Equal(Rate, report.All.Count);
    }

    [Fact]
    public async Task Errors_are_counted_by_their_first_word_and_stay_out_of_the_latencies()
    {
        var refused = 0;
        using var server = new ScriptedServer
        {
            Script = (number, words) => words[0] == "PING" ? Pong(words)
                : number % 10 == 0 ? Refuse(ref refused, "-CLUSTERDOWN no leader\r\n")
                : number % 15 == 0 ? Refuse(ref refused, "-ERR\r\n")
                : null,
        };

        var report = await RunAsync(server, Options with { Measured = TimeSpan.FromMilliseconds(300) });

        Assert.Equal(["CLUSTERDOWN", "ERR"], report.Errors.Keys);
        Assert.Equal(refused, report.ErrorCount);
        Assert.Equal(report.Answered, report.All.Count);
        Assert.True(report.Answered > refused);
    }

    [Fact]
    public async Task Keys_are_written_before_they_are_read()
    {
        using var server = new ScriptedServer { Script = (_, words) => Pong(words) };

        var read = await RunAsync(server, Options with { Workload = BenchWorkload.Get, Keys = 100, Measured = TimeSpan.FromMilliseconds(100) });
        var missed = await RunAsync(server, Options with { Workload = BenchWorkload.Get, Keys = 1_000_000, Load = false, Measured = TimeSpan.FromMilliseconds(100) });

        Assert.Equal(0, read.Misses);
        Assert.True(read.Reads!.Count > 0);
        Assert.Null(read.Writes);
        Assert.True(missed.Misses > 0);
    }

    [Fact]
    public async Task Several_loops_and_several_doors_share_the_connections()
    {
        using var one = new ScriptedServer { Script = (_, words) => Pong(words) };
        using var other = new ScriptedServer { Script = (_, words) => Pong(words) };
        var target = new BenchTarget("both", [Door(one), Door(other)], new Dictionary<string, int>());
        var run = new BenchRun(Options with { Clients = 6, Threads = 2, Rate = 200, Measured = TimeSpan.FromMilliseconds(500) }, [target], TimeProvider.System);

        var report = (await run.RunAsync(_ => { }, TestContext.Current.CancellationToken)).Targets[0];

        // Two loops of three connections each take half the rate each: all that was due is there, and no more.
        Assert.Equal(100, report.All.Count);
        Assert.Empty(report.Errors);
    }

    [Fact]
    public async Task Peers_are_measured_in_turns_and_compared_round_by_round()
    {
        using var one = new ScriptedServer { Script = (_, words) => Pong(words) };
        using var other = new ScriptedServer { Script = (_, words) => Pong(words) };
        BenchTarget[] targets = [new("one", [Door(one)], new Dictionary<string, int>()), new("other", [Door(other)], new Dictionary<string, int>())];
        var steps = new List<string>();

        var report = await new BenchRun(Options with { Rounds = 2, Rate = 100 }, targets, TimeProvider.System).RunAsync(steps.Add, TestContext.Current.CancellationToken);

        Assert.Equal(["one: round 1 of 2", "other: round 1 of 2", "one: round 2 of 2", "other: round 2 of 2"], steps);
        Assert.Equal(("one", "other", 1.0), (report.Ratios[0].Name, report.Ratios[0].Peer, report.Ratios[0].PerSecond));
    }

    [Fact]
    public async Task Where_nobody_listens_it_says_so()
    {
        var gone = new ScriptedServer();
        var door = Door(gone);
        gone.Dispose();
        var run = new BenchRun(Options, [new BenchTarget("gone", [door], new Dictionary<string, int>())], TimeProvider.System);

        var failure = await Assert.ThrowsAsync<LabException>(() => run.RunAsync(_ => { }, TestContext.Current.CancellationToken));

        Assert.Contains($"{door}: Connection refused", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n", "does not speak the Redis protocol")]
    [InlineData("-NOAUTH Authentication required.\r\n", "refuses the load generator: NOAUTH")]
    public async Task A_door_that_is_not_open_for_it_is_named(string greeting, string complaint)
    {
        using var server = new ScriptedServer { Script = (_, _) => new(greeting) };

        var failure = await Assert.ThrowsAsync<LabException>(() => RunAsync(server, Options));

        Assert.Contains(complaint, failure.Message, StringComparison.Ordinal);
    }

    private static IPEndPoint Door(ScriptedServer server) => IPEndPoint.Parse(server.Node.Resp);

    private static async Task<TargetReport> RunAsync(ScriptedServer server, BenchOptions options, TimeProvider? time = null)
    {
        var run = new BenchRun(options, [new BenchTarget("scripted", [Door(server)], new Dictionary<string, int>())], time ?? TimeProvider.System);
        return (await run.RunAsync(_ => { }, TestContext.Current.CancellationToken)).Targets[0];
    }

    private static ScriptedServer.Answer? Pong(string[] words) => words[0] == "PING" ? new("+PONG\r\n") : null;

    private static ScriptedServer.Answer? Stall(int number, string[] words)
    {
        if (number == 200)
        {
            using var never = new ManualResetEventSlim();
            never.Wait(TimeSpan.FromMilliseconds(400), TestContext.Current.CancellationToken);
        }

        return Pong(words);
    }

    private static ScriptedServer.Answer Refuse(ref int refused, string error)
    {
        refused++;
        return new(error);
    }

    /// <summary>A machine that lets nobody of this process run for a while: between two looks at the clock, all that time has gone by.</summary>
    private sealed class HeldUpTime(TimeSpan after, TimeSpan by) : TimeProvider
    {
        private readonly long start = System.GetTimestamp();

        public override long GetTimestamp() => System.GetTimestamp() is var now && System.GetElapsedTime(start, now) < after ? now : now + (long)(by.TotalSeconds * TimestampFrequency);
    }
}
