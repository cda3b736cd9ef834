using Cluster.Node.Resp;
using Cluster.Node.Tests.Support;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Node.Tests.Resp;

/// <summary>Transactions as Redis 7 has them, word for word, and where they are of one hash slot. Two clients: lines that start with "2" are the second one's.</summary>
public sealed class TransactionTests
{
    public static TheoryData<string, string[]> Scripts => new()
    {
        { "commands are queued and answered together", ["MULTI|+OK", "SET a 1|+QUEUED", "INCR a|+QUEUED", "GET a|+QUEUED", "2GET a|nil", "EXEC|[+OK, :2, \"2\"]", "2GET a|\"2\"", "EXEC|-ERR EXEC without MULTI"] },
        { "a transaction of nothing", ["MULTI|+OK", "EXEC|[]", "MULTI|+OK", "DISCARD|+OK", "DISCARD|-ERR DISCARD without MULTI", "EXEC|-ERR EXEC without MULTI"] },
        { "discarded", ["SET a 0|+OK", "MULTI|+OK", "SET a 1|+QUEUED", "DISCARD|+OK", "GET a|\"0\""] },
        { "mistakes that spoil it", ["MULTI|+OK", "SET a 1|+QUEUED", "FOO b|-ERR unknown command 'FOO', with args beginning with: 'b' ", "SET a 2|+QUEUED", "EXEC|-EXECABORT Transaction discarded because of previous errors.", "GET a|nil",
            "MULTI|+OK", "GET|-ERR wrong number of arguments for 'get' command", "EXEC|-EXECABORT Transaction discarded because of previous errors.", "EXEC|-ERR EXEC without MULTI",
            "MULTI|+OK", "DBSIZE|-ERR 'dbsize' goes over all shards: it cannot be part of a transaction, which is of one hash slot", "EXEC|-EXECABORT Transaction discarded because of previous errors."] },
        { "mistakes that do not", ["MULTI|+OK", "MULTI|-ERR MULTI calls can not be nested", "WATCH a|-ERR WATCH inside MULTI is not allowed", "SET a 1|+QUEUED", "EXEC|[+OK]"] },
        { "a command that fails fails alone", ["SET a word|+OK", "MULTI|+OK", "SET {a}b 1|+QUEUED", "INCR a|+QUEUED", "SET a 1 EX 0|+QUEUED", "INCRBY a x|+QUEUED", "SET {a}c 3|+QUEUED",
            "EXEC|[+OK, -ERR value is not an integer or out of range, -ERR invalid expire time in 'set' command, -ERR value is not an integer or out of range, +OK]", "GET {a}c|\"3\""] },
        { "commands without keys", ["MULTI|+OK", "PING|+QUEUED", "ECHO hi|+QUEUED", "SET a 1|+QUEUED", "SELECT 0|+QUEUED", "CLIENT GETNAME|+QUEUED", "EXEC|[+PONG, \"hi\", +OK, +OK, nil]",
            "MULTI|+OK", "INFO|+QUEUED", "EXEC|[-ERR 'info' cannot be part of a transaction]"] },
        { "commands that change the connection", [.. new[] { "HELLO 3", "AUTH x", "CLIENT SETNAME me", "CLIENT SETINFO LIB-NAME x", "CLIENT REPLY OFF", "CLIENT KILL ID 1", "CLIENT CONSISTENCY stale", "CLIENT DIAL OFF", "CLIENT EVENTS OFF", "READONLY", "READWRITE" }.SelectMany(command => new[]
        {
            "WATCH a|+OK", "2SET a 1|+OK", "MULTI|+OK", "GET {a}nope|+QUEUED", $"{command}|-ERR '{NameOf(command)}' cannot be part of a transaction: it changes this connection, also where EXEC carries out nothing; send it before MULTI",
            "EXEC|-EXECABORT Transaction discarded because of previous errors.", "GET nope|nil", "CLIENT GETNAME|nil", "CLIENT CONSISTENCY|\"linearizable\"",
        })] },
        { "an EXEC that is refused", ["MULTI|+OK", "SET a 1|+QUEUED", "EXEC now|-EXECABORT Transaction discarded because of: wrong number of arguments for 'exec' command", "EXEC|-ERR EXEC without MULTI", "GET a|nil",
            "WATCH a|+OK", "2SET a 1|+OK", "EXEC now|-EXECABORT Transaction discarded because of: wrong number of arguments for 'exec' command", "MULTI|+OK", "PING|+QUEUED", "EXEC|[+PONG]",
            "WATCH a|+OK", "2SET a 2|+OK", "SUBSCRIBE t|[\"subscribe\", \"t\", :1]",
            "EXEC|-EXECABORT Transaction discarded because of: Can't execute 'exec': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context", "UNSUBSCRIBE t|[\"unsubscribe\", \"t\", :0]", "MULTI|+OK", "PING|+QUEUED", "EXEC|[+PONG]",
            "MULTI|+OK", "DISCARD now|-ERR wrong number of arguments for 'discard' command", "EXEC|-EXECABORT Transaction discarded because of previous errors."] },
        { "many keys of one slot", ["MULTI|+OK", "MSET {t}a 1 {t}b 2|+QUEUED", "MGET {t}a {t}c {t}b|+QUEUED", "DEL {t}a {t}c|+QUEUED", "EXISTS {t}a {t}b|+QUEUED", "MSETNX {t}b 5 {t}d 5|+QUEUED", "MSETNX {t}e 5 {t}d 5|+QUEUED", "RENAME {t}b {t}f|+QUEUED",
            "RENAME {t}b {t}f|+QUEUED", "EXEC|[+OK, [\"1\", nil, \"2\"], :1, :1, :0, :1, +OK, -ERR no such key]", "MGET {t}d {t}e {t}f|[\"5\", \"5\", \"2\"]"] },
        { "keys of several slots", ["MULTI|+OK", "SET a 1|+QUEUED", "SET b 1|-CROSSSLOT Keys in request don't hash to the same slot (this key is in slot 3300, the transaction in 15495: give their keys one hash tag, as in {tag}key)",
            "EXEC|-EXECABORT Transaction discarded because of previous errors.", "MULTI|+OK", "MSET a 1 b 1|-CROSSSLOT Keys in request don't hash to the same slot", "EXEC|-EXECABORT Transaction discarded because of previous errors.",
            "WATCH a b|-CROSSSLOT Keys in request don't hash to the same slot (a transaction, with the keys it watches, is of one hash slot)", "WATCH a|+OK",
            "WATCH b|-CROSSSLOT Keys in request don't hash to the same slot (a transaction, with the keys it watches, is of one hash slot)", "UNWATCH|+OK", "WATCH b|+OK"] },
        { "a watched key that changed", ["SET a 1|+OK", "WATCH a|+OK", "2SET a 1|+OK", "MULTI|+OK", "SET {a}b 1|+QUEUED", "EXEC|nullarray", "GET {a}b|nil", "MULTI|+OK", "SET {a}b 1|+QUEUED", "EXEC|[+OK]"] },
        { "a watched key that did not", ["SET a 1|+OK", "WATCH a {a}b|+OK", "WATCH a|+OK", "2GET a|\"1\"", "2SET c 1|+OK", "MULTI|+OK", "INCR a|+QUEUED", "EXEC|[:2]"] },
        { "a watched key that came and went", ["SET {a}x 1|+OK", "WATCH a|+OK", "2SET a 1|+OK", "2DEL a|:1", "MULTI|+OK", "PING|+QUEUED", "EXEC|nullarray"] },
        { "watching no more", ["SET a 1|+OK", "WATCH a|+OK", "UNWATCH|+OK", "2SET a 2|+OK", "MULTI|+OK", "GET a|+QUEUED", "EXEC|[\"2\"]", "WATCH a|+OK", "MULTI|+OK", "DISCARD|+OK", "2SET a 3|+OK", "MULTI|+OK", "UNWATCH|+QUEUED", "GET a|+QUEUED", "EXEC|[+OK, \"3\"]"] },
        { "reset", ["WATCH a|+OK", "MULTI|+OK", "SET a 1|+QUEUED", "RESET|+RESET", "EXEC|-ERR EXEC without MULTI", "2SET a 2|+OK", "MULTI|+OK", "GET a|+QUEUED", "EXEC|[\"2\"]"] },
        { "RESP3", ["HELLO 3|*", "SET a 1|+OK", "WATCH a|+OK", "2SET a 2|+OK", "MULTI|+OK", "GET a|+QUEUED", "GET {a}x|+QUEUED", "EXEC|_", "MULTI|+OK", "GET {a}x|+QUEUED", "EXEC|[_]"] },
        { "one of two keys", ["SET a 1 EX 100|+OK", "COPY a {a}b|:1", "TTL {a}b|:100", "COPY a {a}b|:0", "COPY a {a}b REPLACE|:1", "COPY a {a}b DB 1|-ERR DB index is out of range", "COPY a {a}b FOO|-ERR syntax error", "COPY a a|-ERR source and destination objects are the same",
            "COPY nope {nope}b|:0", "RENAME a {a}c|+OK", "GET a|nil", "TTL {a}c|:100", "RENAME a {a}c|-ERR no such key", "RENAMENX {a}b {a}c|:0", "RENAMENX {a}b a|:1", "RENAMENX {a}b a|-ERR no such key", "RENAME a a|+OK", "RENAMENX a a|:0",
            "RENAME a b|-CROSSSLOT Keys in request don't hash to the same slot", "COPY a b|-CROSSSLOT Keys in request don't hash to the same slot", "MSETNX a 1 b 1|-CROSSSLOT Keys in request don't hash to the same slot",
            "MSETNX {n}a 1 {n}b 2 {n}a 3|:1", "MGET {n}a {n}b|[\"3\", \"2\"]", "MSETNX {n}c 1 {n}b 2|:0", "EXISTS {n}c|:0", "MSETNX {n}a|-ERR wrong number of arguments for 'msetnx' command", "MSETNX a 1 b|-ERR wrong number of arguments for 'msetnx' command"] },
    };

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Transactions_are_those_of_Redis_7_within_a_slot(string what, string[] script)
    {
        await using var doors = await Doors.OpenAsync();
        await using var one = await doors.ConnectAsync();
        await using var two = await doors.ConnectAsync();
        foreach (var step in script)
        {
            var (command, expected) = (step.Split('|', 2)[0], step.Split('|', 2)[1]);
            var client = command[0] == '2' ? two : one;
            var answer = await client.SendAsync(command.TrimStart('2').Split(' '));
            Assert.True(expected == answer || expected == "*", $"{what}: {command} gave {answer} instead of {expected}");
        }
    }

    [Fact]
    public async Task A_whole_transaction_in_one_pipeline_is_one_command_for_the_store()
    {
        await using var doors = await Doors.OpenAsync();
        await using var client = await doors.ConnectAsync();
        string[][] commands = [["WATCH", "a"], ["MULTI"], ["SET", "a", "1"], ["INCR", "a"], ["EXEC"], ["GET", "a"]];
        await client.SendRawAsync(commands.SelectMany(RespClient.Encode).ToArray());
        Assert.Equal(["+OK", "+OK", "+QUEUED", "+QUEUED", "[+OK, :2]", "\"2\""], await Replies(client, commands.Length));
        Assert.Equal([KvOp.Batch, KvOp.Batch, KvOp.Get], doors.Store.Calls.Select(call => call.Op));
    }

    [Fact]
    public async Task No_transaction_rests_on_a_watch_that_failed()
    {
        await using var doors = await Doors.OpenAsync();
        await using var client = await doors.ConnectAsync();
        var fails = true;
        doors.Store.Before = _ => Task.FromResult(fails ? new ClusterError(ErrorCode.Unavailable, "no leader") : null);
        Assert.Equal("-CLUSTERDOWN no leader", await client.SendAsync("WATCH", "a"));
        fails = false;
        await client.SendAsync("MULTI");
        await client.SendAsync("SET", "a", "1");
        Assert.StartsWith("-EXECABORT", await client.SendAsync("EXEC"), StringComparison.Ordinal);
        Assert.Equal("nil", await client.SendAsync("GET", "a"));
    }

    [Fact]
    public async Task What_is_queued_and_watched_is_bounded()
    {
        await using var doors = await Doors.OpenAsync(resp: new RespOptions { MaxTransactionOperations = 3, MaxWatchedKeys = 2 });
        await using var client = await doors.ConnectAsync();
        await client.SendAsync("MULTI");
        Assert.Equal("+QUEUED", await client.SendAsync("SET", "{a}1", "x"));
        Assert.StartsWith("-ERR the transaction is too large", await client.SendAsync("MGET", "{a}1", "{a}2"), StringComparison.Ordinal);
        Assert.StartsWith("-EXECABORT", await client.SendAsync("EXEC"), StringComparison.Ordinal);
        Assert.Equal("+OK", await client.SendAsync("WATCH", "{a}1", "{a}2"));
        Assert.Equal("-ERR too many watched keys: at most 2 are taken", await client.SendAsync("WATCH", "{a}3"));
    }

    private static string NameOf(string command) => (command.StartsWith("CLIENT ", StringComparison.Ordinal) ? string.Join('|', command.Split(' ')[..2]) : command.Split(' ')[0]).ToLowerInvariant();

    private static async Task<List<string>> Replies(RespClient client, int count)
    {
        var replies = new List<string>();
        while (replies.Count < count)
        {
            replies.Add(await client.ReadAsync());
        }

        return replies;
    }
}
