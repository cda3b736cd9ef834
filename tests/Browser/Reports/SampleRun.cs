using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;
using Cluster.Lab.Messages;
using Cluster.Lab.Reports;

namespace Cluster.Browser.Tests.Reports;

/// <summary>A run as a report shows one, made from a seed: three nodes, eight clients, a kill, a pause, a partition, and a read that is stale when asked for.</summary>
internal sealed class SampleRun
{
    private const long Ms = 1_000_000;
    private const long Second = 1000 * Ms;
    private const string Stale = "k3";
    private const string CutOff = "the link is cut";

    private static readonly string[] Nodes = ["n1", "n2", "n3"];

    private readonly Random random = new(7);
    private readonly List<Operation> operations = [];
    private readonly List<RecordedMessage> messages = [];
    private readonly List<Happening> happenings = [];
    private readonly long end;
    private ulong index = 10;

    private SampleRun(int seconds) => end = seconds * Second;

    private static FaultEvent[] Faults =>
    [
        new("kill", "n1", 2 * Second), new("restart", "n1", 3 * Second), new("pause", "n2", (4 * Second) + (200 * Ms)), new("resume", "n2", (4 * Second) + (900 * Ms)),
        new("partition", "n1 / n2,n3", 6 * Second), new("heal", "", 8 * Second),
    ];

    /// <param name="violated">With a read that no order explains.</param>
    /// <param name="gapMs">Between two operations of all clients: the smaller, the more messages.</param>
    public static RunReport Make(bool violated, int seconds = 10, double gapMs = 4, string title = "Linearizable store under kill, pause and partition")
    {
        var run = new SampleRun(seconds);
        run.Tell(gapMs, violated);
        var history = new History(run.operations, Faults);
        var results = new List<CheckResult>
        {
            violated
                ? new("linearizability", Verdict.Violated, $"no order of the operations on {Stale} explains a read",
                    [$"a read of {Stale} answers a value that was overwritten before it began", .. run.Piece().Select(operation => operation.ToString())]) { Piece = run.Piece() }
                : new("linearizability", Verdict.Holds, $"an order explains all {run.operations.Count} operations", []),
            new("acknowledged writes", Verdict.Holds, "none is gone", []),
        };
        return new RunReport(title, violated ? Verdict.Violated : Verdict.Holds, history, results)
        {
            Question = "Does the store answer as if there were one copy of each key, when its leader is killed, a follower paused and the old leader cut off?",
            NotPromised = ["availability on the smaller side of a partition"],
            Facts = [new("seed", "7"), new("again", "lab run store --seed 7")],
            Happenings = run.happenings,
            Messages = run.messages,
        };
    }

    private IReadOnlyList<Operation> Piece() => [.. operations.Where(operation => operation.Key == Stale && operation.Call is > (6 * Second) + (500 * Ms) and < (6 * Second) + (520 * Ms))];

    private void Tell(double gapMs, bool violated)
    {
        happenings.Add(new Happening(10 * Ms, "n1", "leader", "n1 leads shard 1 in term 2"));
        for (var at = 0L; at < end; at += 50 * Ms)
        {
            Heartbeats(at);
        }

        Election(2 * Second, "n2", 3);
        Election(6 * Second, "n3", 5);
        for (var (at, number) = (20 * Ms, 0); at < end - (20 * Ms); at += (long)(gapMs * Ms * (0.5 + random.NextDouble())), number++)
        {
            Operate(at, number);
        }

        if (violated)
        {
            var at = (6 * Second) + (505 * Ms);
            operations.RemoveAll(operation => operation.Key == Stale && operation.Call > at - (10 * Ms) && operation.Call < at + (15 * Ms));
            operations.Add(new Operation(101, "write", Stale, ["new"], at, at + (4 * Ms), Outcome.Ok, null, "n3"));
            operations.Add(new Operation(102, "read", Stale, [], at + (6 * Ms), at + (7 * Ms), Outcome.Ok, "old", "n1"));
            Round(at, "n2", "n3", Stale, "Put");
        }
    }

    private void Operate(long at, int number)
    {
        var (process, node, key) = (number % 8, Nodes[random.Next(3)], $"k{random.Next(12)}");
        var (leader, read) = (LeaderAt(at), random.Next(2) == 0);
        var reached = Alive(node, at) && leader is not null && Connected(node, leader, at);
        var took = (long)((reached ? 1.2 + (2 * random.NextDouble()) : 12) * Ms);
        operations.Add(new Operation(process, read ? "read" : "write", key, read ? [] : [$"v{number}"], at, at + took, reached ? Outcome.Ok : read ? Outcome.Fail : Outcome.Info, reached && read ? $"v{number - 9}" : null, node));
        if (reached)
        {
            Round(at + (100_000), node, leader!, key, read ? "Get" : "Put");
        }
    }

    /// <summary>What one operation makes the nodes say: passed on to the leader, replicated, acknowledged, answered.</summary>
    private void Round(long at, string asked, string leader, string key, string what)
    {
        if (asked != leader)
        {
            Send(at, asked, leader, "Request", [key], $"{what} {key}", null);
            Send(at + Ms, leader, asked, "Reply", [key], "done", null);
        }

        foreach (var follower in Nodes.Where(node => node != leader && what != "Get"))
        {
            index++;
            Send(at + (300_000), leader, follower, "AppendEntries", [key], $"entry {index}: put {key}; after {index - 1}, commit {index - 1}", 3);
            if (Alive(follower, at) && Connected(leader, follower, at))
            {
                Send(at + (800_000), follower, leader, "AppendReply", [key], $"has all up to {index} on disk", 3);
            }
        }
    }

    private void Heartbeats(long at)
    {
        foreach (var from in Nodes.Where(node => Alive(node, at)))
        {
            foreach (var to in Nodes.Where(node => node != from))
            {
                Send(at + random.Next(1_000_000), from, to, "NodeHeartbeat", [], "number 7, has applied epoch 12", null, shard: null);
            }
        }
    }

    private void Election(long after, string winner, ulong term)
    {
        var at = after + (180 * Ms);
        foreach (var voter in Nodes.Where(node => node != winner))
        {
            Send(at, winner, voter, "RequestVote", [], $"for term {term}, its log ends at 40 (term {term - 1})", term);
            if (Alive(voter, at) && Connected(winner, voter, at))
            {
                Send(at + Ms, voter, winner, "VoteReply", [], $"grants term {term}", term);
            }
        }

        happenings.Add(new Happening(at + (2 * Ms), winner, "leader", $"{winner} leads shard 1 in term {term}"));
    }

    private void Send(long at, string from, string to, string kind, string[] keys, string text, ulong? term, uint? shard = 1)
    {
        var connected = Connected(from, to, at);
        messages.Add(new RecordedMessage(from, to, kind, shard, term, keys, 80 + random.Next(200), at,
            !connected || !Alive(to, at) ? null : Paused(to, at) is { } resumed ? resumed : at + random.Next(150_000, 450_000),
            connected ? null : CutOff, text));
    }

    private static string? LeaderAt(long at) => at switch
    {
        < 2 * Second => "n1",
        < (2 * Second) + (182 * Ms) => null,
        < 6 * Second => "n2",
        < (6 * Second) + (182 * Ms) => null,
        _ => "n3",
    };

    private static bool Alive(string node, long at) => !(node == "n1" && at is > 2 * Second and < 3 * Second);

    private static long? Paused(string node, long at) => node == "n2" && at is > (4 * Second) + (200 * Ms) and < (4 * Second) + (900 * Ms) ? (4 * Second) + (900 * Ms) : null;

    private static bool Connected(string one, string other, long at) => (one == "n1") == (other == "n1") || at is < 6 * Second or > 8 * Second;
}
