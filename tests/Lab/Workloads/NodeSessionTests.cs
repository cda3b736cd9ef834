using Cluster.Lab.Histories;
using Cluster.Lab.Workloads;
using Cluster.Lab.Workloads.Sessions;
using Cluster.Shared.Wire;

namespace Cluster.Lab.Tests.Workloads;

/// <summary>What a session concludes from a Redis server's answers, and from its silence.</summary>
public class NodeSessionTests
{
    [Fact]
    public async Task A_transaction_commits_what_was_decided_from_what_was_read()
    {
        using var server = new ScriptedServer();
        await using var session = Session(server);
        await session.WriteAsync("{t}a", "1");

        var answer = await session.TransactAsync(["{t}a", "{t}b"], values => new StoreDecision([new StoreWrite("{t}b", values[0] + "2"), new StoreWrite("{t}a", null)], $"{values[0]},{values[1] ?? "none"}"));

        Assert.Equal(StoreAnswer.Ok("1,none"), answer);
        Assert.Equal([null, "12"], (await session.ReadManyAsync(["{t}a", "{t}b"], ReadConsistency.Linearizable)).Values);
    }

    [Fact]
    public async Task A_transaction_whose_key_changed_meanwhile_is_a_conflict_and_has_no_effect()
    {
        using var server = new ScriptedServer();
        await using var session = Session(server);
        await using var other = Session(server);

        var answer = await session.TransactAsync(["k"], _ =>
        {
            other.WriteAsync("k", "theirs").Wait(TestContext.Current.CancellationToken);
            return new StoreDecision([new StoreWrite("k", "ours")]);
        });

        Assert.Equal(StoreAnswer.Conflict, answer);
        Assert.Equal("theirs", (await session.ReadAsync("k", ReadConsistency.Linearizable)).Output);
    }

    [Fact]
    public async Task A_refusal_leaves_nothing_watched()
    {
        var commands = new List<string>();
        using var server = new ScriptedServer { Script = (_, words) => Note(commands, words) };
        await using var session = Session(server);

        Assert.Equal(StoreAnswer.Conflict, await session.TransactAsync(["k"], _ => StoreDecision.Refuse));
        Assert.Equal(["WATCH", "MGET", "UNWATCH"], commands);
    }

    [Theory]
    [InlineData("WATCH", null, Outcome.Fail)]
    [InlineData("MGET", null, Outcome.Fail)]
    [InlineData("WATCH", "-CLUSTERDOWN no leader\r\n", Outcome.Fail)]
    [InlineData("MGET", "-CLUSTERDOWN no leader\r\n", Outcome.Fail)]
    [InlineData("EXEC", null, Outcome.Info)]
    [InlineData("EXEC", "-UNKNOWN outcome unknown\r\n", Outcome.Info)]
    [InlineData("EXEC", "-ERR something new\r\n", Outcome.Info)]
    [InlineData("EXEC", "-CLUSTERDOWN no leader\r\n", Outcome.Fail)]
    [InlineData("EXEC", "-EXECABORT Transaction discarded because of previous errors.\r\n", Outcome.Fail)]
    [InlineData("EXEC", "*1\r\n-ERR one of them\r\n", Outcome.Info)]
    [InlineData("MULTI", "-ERR not now\r\n", Outcome.Info)]
    public async Task A_transaction_has_failed_only_where_it_certainly_had_no_effect(string at, string? answer, Outcome expected)
    {
        using var server = new ScriptedServer { Script = (_, words) => words[0] == at ? new(answer) : null };
        await using var session = Session(server);

        var told = await session.TransactAsync(["k"], _ => new StoreDecision([new StoreWrite("k", "v")]));

        Assert.Equal(new StoreAnswer(expected), told);
    }

    [Fact]
    public async Task A_transaction_that_is_given_up_before_its_commit_never_commits()
    {
        var commands = new List<string>();
        using var server = new ScriptedServer { Script = (_, words) => Note(commands, words) ?? (words[0] == "MGET" ? new ScriptedServer.Answer("") : null) };
        await using var session = new NodeSession([server.Node], 0, new WorkloadOptions { OperationTimeout = TimeSpan.FromMilliseconds(100) }, TimeProvider.System);

        var told = await session.TransactAsync(["k"], _ => new StoreDecision([new StoreWrite("k", "v")]));

        Assert.Equal(StoreAnswer.Fail, told);
        Assert.DoesNotContain("EXEC", commands);
    }

    [Fact]
    public async Task Reads_are_as_stale_as_asked_and_those_of_a_transaction_never()
    {
        var commands = new List<string>();
        using var server = new ScriptedServer { Script = (_, words) => Note(commands, words) };
        await using var session = Session(server);

        await session.ReadAsync("k", ReadConsistency.Linearizable);
        await session.ReadAsync("k", ReadConsistency.Stale);
        await session.ReadAsync("k", ReadConsistency.Stale);
        await session.TransactAsync(["k"], _ => new StoreDecision([]));

        Assert.Equal(["GET", "CLIENT Stale", "GET", "GET", "CLIENT Linearizable", "WATCH", "MGET", "MULTI", "EXEC"], commands);
    }

    [Fact]
    public async Task A_server_that_has_no_stale_reads_is_not_believed_to_have_them()
    {
        using var server = new ScriptedServer { Script = (_, words) => words[0] == "CLIENT" ? new("-ERR unknown subcommand\r\n") : null };
        await using var session = Session(server);

        Assert.Equal(StoreAnswer.Fail, await session.ReadAsync("k", ReadConsistency.Stale));
        Assert.Equal(StoreAnswer.Fail, await session.ReadAsync("k", ReadConsistency.Stale));
    }

    [Fact]
    public async Task A_life_is_told_in_milliseconds()
    {
        string[]? set = null;
        using var server = new ScriptedServer { Script = (_, words) => words[0] == "SET" ? NoteSet(words) : null };
        await using var session = Session(server);

        await session.TransactAsync(["k"], _ => new StoreDecision([new StoreWrite("k", "v", TimeSpan.FromMilliseconds(150))]));

        Assert.Equal("SET k v PX 150", string.Join(" ", set!));

        ScriptedServer.Answer? NoteSet(string[] words)
        {
            set = words;
            return null;
        }
    }

    private static NodeSession Session(ScriptedServer server) => new([server.Node], 0, new WorkloadOptions(), TimeProvider.System);

    private static ScriptedServer.Answer? Note(List<string> commands, string[] words)
    {
        lock (commands)
        {
            commands.Add(words[0] == "CLIENT" ? $"CLIENT {words[2]}" : words[0]);
        }

        return null;
    }
}
