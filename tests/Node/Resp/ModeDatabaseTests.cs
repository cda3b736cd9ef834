using Cluster.Node.Tests.Support;
using Cluster.Shared.Results;

namespace Cluster.Node.Tests.Resp;

/// <summary>Storage modes as Redis databases: what the contract has is served, everything else is refused by name, and database 0 notices nothing of it. Database 1 is client-server, which has neither scan nor dial.</summary>
public sealed class ModeDatabaseTests
{
    private const string Serves = "is not served on database 1, the storage mode client-server, which serves GET, SET, SETNX, MGET, MSET, DEL, UNLINK, EXISTS, TYPE, STRLEN; SELECT 0 is the engine's own store, which has every command";

    public static TheoryData<string, string[]> Scripts => new()
    {
        { "keys of a mode are not those of database 0", ["SET a 0|+OK", "SELECT 1|+OK", "GET a|nil", "SET a 1|+OK", "GET a|\"1\"", "SELECT 0|+OK", "GET a|\"0\"", "SELECT 1|+OK", "GET a|\"1\""] },
        { "numbers without a mode", ["SELECT 15|-ERR DB index is out of range", "SELECT -1|-ERR DB index is out of range", "SELECT 99|-ERR DB index is out of range", "SELECT x|-ERR value is not an integer or out of range", "SET a 0|+OK", "GET a|\"0\""] },
        { "what the contract has", ["SELECT 1|+OK", "SETNX a 1|:1", "SETNX a 2|:0", "SET a 3 NX|nil", "SET b 3 nx|+OK", "EXISTS a b c|:2", "TYPE a|+string", "TYPE c|+none", "STRLEN a|:1", "STRLEN c|:0", "MSET c 1 d 2 c 3|+OK", "MGET c d e|[\"3\", \"2\", nil]", "DEL a b zz|:2", "UNLINK c|:1", "GET c|nil", "MSET a|-ERR wrong number of arguments for 'mset' command"] },
        { "what it has not", ["SELECT 1|+OK", $"INCR a|-UNSUPPORTED INCR {Serves}", $"SET a 1 EX 10|-UNSUPPORTED SET with EX {Serves}", $"SET a 1 XX|-UNSUPPORTED SET with XX {Serves}", $"OBJECT ENCODING a|-UNSUPPORTED OBJECT ENCODING {Serves}", $"DBSIZE|-UNSUPPORTED DBSIZE {Serves}", $"FLUSHALL|-UNSUPPORTED FLUSHALL {Serves}", $"SCAN 0|-UNSUPPORTED SCAN {Serves}", $"WATCH a|-UNSUPPORTED WATCH {Serves}", $"MULTI|-UNSUPPORTED MULTI {Serves}", $"WAIT 1 0|-UNSUPPORTED WAIT {Serves}", "EXEC|-ERR EXEC without MULTI", "FOO|-ERR unknown command 'FOO', with args beginning with: "] },
        { "the connection's own commands", ["SELECT 1|+OK", "PING|+PONG", "ECHO hi|\"hi\"", "CLIENT SETNAME me|+OK", "CLIENT GETNAME|\"me\"", "COMMAND COUNT|*", "HELLO 3|*", "SET a 1|+OK", "GET b|_", "RESET|+RESET", "GET a|nil", "SWAPDB 0 1|-ERR unknown command 'SWAPDB', with args beginning with: '0' '1' "] },
        { "bounds are the contract's", ["SELECT 1|+OK", $"SET {new string('k', 1025)} 1|-ERR key has 1025 bytes; it may have 1 to 1024", $"SET a {new string('v', 65537)}|-ERR value has 65537 bytes; it may have 0 to 65536", "GET a|nil"] },
        { "no transaction goes from one to the other", ["MULTI|+OK", "SELECT 1|-ERR SELECT of another database cannot be part of a transaction, which is of database 0", "SET a 1|+QUEUED", "EXEC|-EXECABORT Transaction discarded because of previous errors.", "GET a|nil"] },
        { "a mode without a dial", ["CLIENT DIAL|-ERR database 0 has no dial: CLIENT CONSISTENCY chooses what its reads may see; SELECT a storage mode first", "SELECT 1|+OK", "CLIENT DIAL|\"\"", "CLIENT DIAL r=1|-ERR database 1, the storage mode client-server, has no 'r' to set: it has no dial", "CLIENT DIAL r|-ERR 'r' is no setting: write NAME=VALUE, or OFF for none", "CLIENT DIAL key=1|-ERR database 1, the storage mode client-server, has no 'key' to set: it has no dial", "CLIENT DIAL OFF|+OK"] },
    };

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task A_database_serves_what_its_mode_has_and_refuses_the_rest_by_name(string what, string[] script)
    {
        await using var doors = await OpenAsync();
        await using var client = await doors.ConnectAsync();
        foreach (var step in script)
        {
            var (command, expected) = (step.Split('|', 2)[0], step.Split('|', 2)[1]);
            var answer = await client.SendAsync(command.Split(' '));
            Assert.True(expected == answer || expected == "*", $"{what}: {command[..Math.Min(80, command.Length)]} gave {answer} instead of {expected}");
        }
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused_and_the_connection_lives()
    {
        await using var doors = await OpenAsync();
        await using var client = await doors.ConnectAsync();
        await client.SendAsync("SELECT", "1");

        await client.SendRawAsync("*2\r\n$3\r\nGET\r\n$2\r\n\xff\xfe\r\n");
        Assert.Equal("-UNSUPPORTED argument 1 is no UTF-8: database 1, the storage mode client-server, keeps text; binary keys and values are for database 0", await client.ReadAsync());
        await client.SendRawAsync("*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n\xff\r\n");
        Assert.StartsWith("-UNSUPPORTED argument 2 is no UTF-8", await client.ReadAsync(), StringComparison.Ordinal);
        Assert.Equal("nil", await client.SendAsync("GET", "a"));
        Assert.Equal("+OK", await client.SendAsync("SET", "ä", "ö"));
        Assert.Equal("\"ö\"", await client.SendAsync("GET", "ä"));
    }

    [Fact]
    public async Task A_pipeline_is_answered_in_order_and_commands_on_one_key_take_effect_in_theirs()
    {
        await using var doors = await OpenAsync();
        await using var client = await doors.ConnectAsync();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        doors.Modes.Before = async request =>
        {
            if (request.Find("value") == "first")
            {
                await release.Task;
            }

            return null;
        };
        string[][] commands = [["SELECT", "1"], ["SET", "a", "first"], ["GET", "a"], ["SET", "b", "second"], ["GET", "b"], ["SET", "a", "third"], ["GET", "a"], ["SELECT", "0"], ["GET", "a"]];
        await client.SendRawAsync(commands.SelectMany(RespClient.Encode).ToArray());
        Assert.Equal("+OK", await client.ReadAsync());
        release.SetResult();

        var replies = new List<string>();
        for (var i = 1; i < commands.Length; i++)
        {
            replies.Add(await client.ReadAsync());
        }

        Assert.Equal(["+OK", "\"first\"", "+OK", "\"second\"", "+OK", "\"third\"", "+OK", "nil"], replies);
    }

    [Fact]
    public async Task What_a_mode_cannot_say_keeps_its_meaning()
    {
        await using var doors = await OpenAsync();
        await using var client = await doors.ConnectAsync();
        await client.SendAsync("SELECT", "1");

        doors.Modes.Before = _ => Task.FromResult<ClusterError?>(new ClusterError(ErrorCode.Unavailable, "n1 is away"));
        Assert.Equal("-CLUSTERDOWN n1 is away", await client.SendAsync("GET", "a"));
        doors.Modes.Before = _ => Task.FromResult<ClusterError?>(new ClusterError(ErrorCode.OutcomeUnknown, "no answer"));
        Assert.Equal("-UNKNOWN outcome unknown: no answer", await client.SendAsync("SET", "a", "1"));
        doors.Modes.Before = request => Task.FromResult(request.Text("key") == "b" ? new ClusterError(ErrorCode.Overloaded, "too much") : null);
        Assert.Equal("-BUSY too much (1 of 3 keys were set)", await client.SendAsync("MSET", "a", "1", "b", "2", "c", "3"));
    }

    [Fact]
    public async Task A_redirecting_node_serves_every_key_of_a_mode_itself()
    {
        await using var doors = await OpenAsync(redirect: true);
        await using var client = await doors.ConnectAsync();
        Assert.StartsWith("-MOVED", await client.SendAsync("GET", "a"), StringComparison.Ordinal);

        Assert.Equal("+OK", await client.SendAsync("SELECT", "1"));
        Assert.Equal("+OK", await client.SendAsync("MSET", "a", "1", "b", "2"));
        Assert.Equal("[\"1\", \"2\"]", await client.SendAsync("MGET", "a", "b"));
    }

    [Fact]
    public async Task The_list_of_clients_tells_the_database_and_a_reset_goes_back()
    {
        await using var doors = await OpenAsync();
        await using var client = await doors.ConnectAsync();
        await client.SendAsync("SELECT", "1");
        Assert.Contains(" db=1 ", await client.SendAsync("CLIENT", "LIST"), StringComparison.Ordinal);
        await client.SendAsync("RESET");
        Assert.Contains(" db=0 ", await client.SendAsync("CLIENT", "INFO"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_dial_goes_with_every_command_that_takes_it_until_another_database_is_selected()
    {
        await using var doors = await OpenAsync();
        await using var client = await doors.ConnectAsync();
        await client.SendAsync("SELECT", "14");
        foreach (var (command, expected) in new[]
        {
            ("CLIENT DIAL w=3 r=1", "+OK"), ("CLIENT DIAL", "\"r=1 w=3\""), ("SET a 1", "+OK"), ("GET a", "\"1\""), ("CLIENT DIAL r=2", "+OK"), ("SET a 2", "+OK"), ("GET a", "\"2\""),
            ("CLIENT DIAL r=6", "-ERR r=6 is not a whole number from 1 to 5"), ("CLIENT DIAL n=1", "-ERR database 14, the storage mode dialled, has no 'n' to set: there are r, w"), ("CLIENT DIAL", "\"r=2\""),
            ("SELECT 14", "+OK"), ("GET a", "\"2\""),
        })
        {
            Assert.Equal($"{command}: {expected}", $"{command}: {await client.SendAsync(command.Split(' '))}");
        }

        Assert.Equal(
            ["dialled: put(key=a, value=1, w=3)", "dialled: get(key=a, r=1)", "dialled: put(key=a, value=2)", "dialled: get(key=a, r=2)", "dialled: get(key=a)"],
            doors.Modes.Asked);
    }

    [Fact]
    public async Task A_connection_is_a_session_where_the_mode_has_sessions()
    {
        await using var doors = await OpenAsync();
        doors.Modes.TellsTokens = true;
        await using var client = await doors.ConnectAsync();
        await client.SendAsync("SELECT", "14");
        await client.SendRawAsync(new[] { "SET a 1", "SET b 2", "GET a" }.SelectMany(command => RespClient.Encode(command.Split(' '))).ToArray());
        Assert.Equal(["+OK", "+OK", "\"1\""], [await client.ReadAsync(), await client.ReadAsync(), await client.ReadAsync()]);
        await using var other = await doors.ConnectAsync();
        await other.SendAsync("SELECT", "14");
        await other.SendAsync("GET", "a");

        Assert.Equal(["dialled: put(key=a, value=1)", "dialled: put(key=b, value=2, token=t1)", "dialled: get(key=a, token=t2)", "dialled: get(key=a)"], doors.Modes.Asked);
    }

    [Fact]
    public async Task A_scan_sees_every_key_of_the_mode_once_and_its_cursor_is_of_its_database()
    {
        await using var doors = await OpenAsync();
        await using var client = await doors.ConnectAsync();
        await client.SendAsync("SELECT", "14");
        for (var i = 0; i < 25; i++)
        {
            await client.SendAsync("SET", $"k{i:00}", "1");
        }

        await client.SendAsync("SET", "other", "1");
        var seen = new List<string>();
        var cursor = "0";
        do
        {
            var page = (await client.SendAsync("SCAN", cursor, "MATCH", "k*", "COUNT", "10")).Trim('[', ']').Split(", ");
            cursor = page[0].Trim('"');
            seen.AddRange(page.Skip(1).Select(key => key.Trim('[', ']', '"')).Where(key => key.Length > 0));
            if (cursor != "0" && seen.Count == 10)
            {
                await using var zero = await doors.ConnectAsync();
                Assert.Equal("-ERR invalid cursor", await zero.SendAsync("SCAN", cursor));
            }
        }
        while (cursor != "0");

        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"k{i:00}"), seen);
        Assert.Equal("-ERR invalid cursor", await client.SendAsync("SCAN", "281474976710657"));
        Assert.Equal("[\"k07\", \"k17\"]", await client.SendAsync("KEYS", "k?7"));
        Assert.StartsWith("-UNSUPPORTED SCAN with TYPE", await client.SendAsync("SCAN", "0", "TYPE", "string"), StringComparison.Ordinal);
    }

    private static async Task<Doors> OpenAsync(bool redirect = false)
    {
        var doors = await Doors.OpenAsync(redirect: redirect);
        doors.Modes.KeepsKeys = true;
        return doors;
    }
}
