using Cluster.Node.Tests.Support;

namespace Cluster.Node.Tests.Resp;

/// <summary>Every command's replies, word for word as Redis 7.0.15 gives them, on a fresh store each.</summary>
public sealed class RepliesTests
{
    public static TheoryData<string, string[]> Scripts => new()
    {
        { "connection", ["PING|+PONG", "PING hi|\"hi\"", "PING a b|-ERR wrong number of arguments for 'ping' command", "ECHO x|\"x\"", "ECHO|-ERR wrong number of arguments for 'echo' command",
            "SELECT 0|+OK", "SELECT 15|-ERR DB index is out of range", "SELECT x|-ERR value is not an integer or out of range", "RESET|+RESET", "QUIT|+OK", "PING|closed"] },
        { "unknown commands", ["FOO a b|-ERR unknown command 'FOO', with args beginning with: 'a' 'b' ", "OBJECT FOO a|-ERR unknown subcommand 'FOO'. Try OBJECT HELP.",
            "DEBUG|-ERR unknown command 'DEBUG', with args beginning with: ", "CLIENT foo|-ERR unknown subcommand 'foo'. Try CLIENT HELP.", "CLIENT|-ERR wrong number of arguments for 'client' command",
            "CLUSTER NODES|-ERR This instance has cluster support disabled", "CLUSTER FOO|-ERR unknown subcommand 'FOO'. Try CLUSTER HELP.", "READONLY|-ERR This instance has cluster support disabled", "CONFIG SET a b|-ERR unknown subcommand 'SET'. Try CONFIG HELP."] },
        { "get and set", ["GET a|nil", "SET a 1|+OK", "get a|\"1\"", "GET|-ERR wrong number of arguments for 'get' command", "SET a|-ERR wrong number of arguments for 'set' command",
            "SET a 2 NX|nil", "SET a 2 XX|+OK", "SET b 1 XX|nil", "SET b 1 NX|+OK", "SET a 3 GET|\"2\"", "SET c 1 GET|nil", "SET a 4 NX GET|\"3\"", "GET a|\"3\"", "SET a b NX XX|-ERR syntax error",
            "SET a b EX|-ERR syntax error", "SET a b EX x|-ERR value is not an integer or out of range", "SET a b EX 0|-ERR invalid expire time in 'set' command",
            "SET a b PX -1|-ERR invalid expire time in 'set' command", "SET a b EX 10 KEEPTTL|-ERR syntax error", "SET a b EX 10 PX 10|-ERR syntax error", "SET a b FOO|-ERR syntax error",
            "SET a 1 px 9223372036854775807|-ERR invalid expire time in 'set' command", "SET a 1 EX 9223372036854775|-ERR invalid expire time in 'set' command",
            "SETNX a 9|:0", "SETNX z 9|:1", "GETSET z 10|\"9\"", "GETSET y 1|nil", "GETDEL z|\"10\"", "GETDEL z|nil", "STRLEN a|:1", "STRLEN nope|:0", "APPEND a bc|:3", "GET a|\"3bc\"", "TYPE a|+string", "TYPE nope|+none"] },
        { "lives", ["SET a 1 EX 100|+OK", "TTL a|:100", "PTTL a|:100000", "SET a 2 KEEPTTL|+OK", "TTL a|:100", "SET a 2|+OK", "TTL a|:-1", "PTTL a|:-1", "TTL nope|:-2", "PTTL nope|:-2", "EXPIRETIME a|:-1", "PEXPIRETIME nope|:-2",
            "SETEX a 10 v|+OK", "TTL a|:10", "PSETEX a 1500 v|+OK", "PTTL a|:1500", "TTL a|:2", "SETEX a 0 v|-ERR invalid expire time in 'setex' command", "PSETEX a -1 v|-ERR invalid expire time in 'psetex' command",
            "SETEX a x v|-ERR value is not an integer or out of range", "PERSIST a|:1", "PERSIST a|:0", "PERSIST nope|:0", "EXPIRE a 100|:1", "TTL a|:100", "EXPIRE nope 100|:0", "PEXPIRE a 50000|:1", "TTL a|:50",
            "EXPIREAT a 1893456100|:1", "TTL a|:100", "EXPIRETIME a|:1893456100", "PEXPIREAT a 1893456200000|:1", "PEXPIRETIME a|:1893456200000", "SET b 1 EXAT 1893456100|+OK", "TTL b|:100",
            "SET b 1 PXAT 1893456100500|+OK", "PTTL b|:100500", "SET b 1 EXAT 1|+OK", "GET b|nil", "EXPIRE a -1|:1", "EXISTS a|:0", "SET a 1|+OK", "EXPIREAT a 1|:1", "GET a|nil", "EXPIRE a x|-ERR value is not an integer or out of range",
            "EXPIRE a 9223372036854775807|-ERR invalid expire time in 'expire' command", "INCR n|:1", "EXPIRE n 100|:1", "INCR n|:2", "APPEND n 0|:2", "TTL n|:100"] },
        { "lives with conditions", ["SET a 1|+OK", "EXPIRE a 100 XX|:0", "EXPIRE a 100 GT|:0", "EXPIRE a 100 NX|:1", "EXPIRE a 200 NX|:0", "EXPIRE a 50 GT|:0", "EXPIRE a 200 gt|:1", "TTL a|:200", "EXPIRE a 300 LT|:0",
            "EXPIRE a 100 LT|:1", "EXPIRE a 90 XX LT|:1", "TTL a|:90", "PERSIST a|:1", "EXPIRE a 10 LT|:1", "EXPIRE nope 10 NX|:0", "EXPIRE a 0 XX|:1", "EXISTS a|:0",
            "EXPIRE a 10 FOO|-ERR Unsupported option FOO", "EXPIRE a 10 NX XX|-ERR NX and XX, GT or LT options at the same time are not compatible",
            "EXPIRE a 10 GT LT|-ERR GT and LT options at the same time are not compatible"] },
        { "parts of values", ["GETRANGE a 0 -1|\"\"", "SET a hello|+OK", "GETRANGE a 0 -1|\"hello\"", "GETRANGE a -3 -1|\"llo\"", "GETRANGE a -1 -3|\"\"", "GETRANGE a 3 99|\"lo\"", "GETRANGE a -99 1|\"he\"", "GETRANGE a x 1|-ERR value is not an integer or out of range",
            "SUBSTR a 1 2|\"el\"", "SETRANGE a 2 LL|:5", "GET a|\"heLLo\"", "SETRANGE a -1 x|-ERR offset is out of range", "SETRANGE a x y|-ERR value is not an integer or out of range", "SETRANGE pad 2 x|:3", "GET pad|\"\0\0x\"",
            "SETRANGE a 8388608 x|-ERR the value has 8388609 bytes, at most 8388608 are taken"] },
        { "reads with a life", ["GETEX a|nil", "GETEX a EX x|nil", "SET a 1|+OK", "GETEX a|\"1\"", "GETEX a EX x|-ERR value is not an integer or out of range", "GETEX a EX 0|-ERR invalid expire time in 'getex' command", "GETEX a EX 10 PX 5|-ERR syntax error",
            "GETEX a EX|-ERR syntax error", "GETEX a PERSIST EX 10|-ERR syntax error", "GETEX a EX 10 PERSIST|-ERR syntax error", "GETEX a EX x PERSIST|-ERR syntax error", "GETEX a KEEPTTL|-ERR syntax error", "GETEX a PERSIST PERSIST|\"1\"", "GETEX a EX 100|\"1\"", "TTL a|:100", "GETEX a PERSIST|\"1\"",
            "TTL a|:-1", "GETEX a PXAT 1|\"1\"", "EXISTS a|:0"] },
        { "decimal counters", ["SET f 10.50|+OK", "INCRBYFLOAT f 0.1|\"10.6\"", "INCRBYFLOAT f -5|\"5.6\"", "SET f 5.0e3|+OK", "INCRBYFLOAT f 2.0e2|\"5200\"", "INCRBYFLOAT f x|-ERR value is not a valid float", "INCRBYFLOAT f nan|-ERR value is not a valid float",
            "INCRBYFLOAT f -inf|-ERR increment would produce NaN or Infinity", "INCRBYFLOAT new 1e-20|\"0\"", "SET s x|+OK", "INCRBYFLOAT s 1|-ERR value is not a valid float", "EXPIRE f 10|:1", "INCRBYFLOAT f 1|\"5201\"", "TTL f|:10"] },
        { "how values are held", ["OBJECT ENCODING a|nil", "SET a 12|+OK", "OBJECT ENCODING a|\"int\"", "SET a 012|+OK", "OBJECT ENCODING a|\"embstr\"", "SET a aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa|+OK", "OBJECT ENCODING a|\"embstr\"", "APPEND a b|:45", "OBJECT ENCODING a|\"raw\"",
            "OBJECT REFCOUNT a|:1", "OBJECT REFCOUNT nope|nil", "OBJECT FREQ nope|nil", "OBJECT FREQ a|-ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.",
            "OBJECT IDLETIME nope|nil", "OBJECT IDLETIME a|-ERR idle time not tracked: nothing here depends on when a key was last used", "OBJECT|-ERR wrong number of arguments for 'object' command", "OBJECT ENCODING|-ERR wrong number of arguments for 'object|encoding' command",
            "MEMORY USAGE nope|nil", "MEMORY USAGE a|:182", "MEMORY USAGE a SAMPLES 5|:182", "MEMORY USAGE a SAMPLES|-ERR syntax error", "MEMORY USAGE a SAMPLES x|-ERR value is not an integer or out of range", "MEMORY USAGE a SAMPLES -1|-ERR syntax error"] },
        { "all keys", ["FLUSHALL x|-ERR syntax error", "FLUSHALL SYNC ASYNC|-ERR syntax error", "RANDOMKEY|nil", "SET a 1|+OK", "RANDOMKEY|\"a\"", "MSET a 1 b 2 c 3 d 4|+OK", "FLUSHDB async|+OK", "DBSIZE|:0", "MGET a b c d|[nil, nil, nil, nil]", "SET a 2|+OK", "FLUSHALL sync|+OK", "GET a|nil"] },
        { "being sure", ["WAIT 0 0|:0", "WAIT 1 100|:0", "WAIT x 0|-ERR value is not an integer or out of range", "WAIT 0 -1|-ERR timeout is negative", "WAIT 0 x|-ERR timeout is not an integer or out of range", "LASTSAVE|:1893456000", "SAVE|+OK", "BGSAVE|+Background saving started",
            "BGSAVE SCHEDULE|+Background saving started", "BGSAVE FOO|-ERR syntax error", "ROLE|[\"master\", :0, []]"] },
        { "ending connections", ["CLIENT KILL 1.2.3.4:5|-ERR No such client", "CLIENT KILL ID 999|:0", "CLIENT KILL ID x|-ERR client-id should be greater than 0", "CLIENT KILL FOO x|-ERR syntax error", "CLIENT KILL TYPE foo|-ERR Unknown client type 'foo'", "CLIENT KILL SKIPME maybe|-ERR syntax error",
            "CLIENT KILL USER foo|-ERR No such user 'foo'", "CLIENT KILL USER default|:0", "CLIENT KILL ADDR 1.2.3.4:5|:0", "CLIENT KILL ID|-ERR No such client", "CLIENT KILL TYPE pubsub|:0", "CLIENT GETREDIR|:-1", "CLIENT KILL TYPE normal SKIPME no|:1", "PING|closed"] },
        { "counters", ["INCR n|:1", "INCRBY n 10|:11", "DECR n|:10", "DECRBY n 20|:-10", "GET n|\"-10\"", "INCRBY n 1x|-ERR value is not an integer or out of range", "INCRBY n +1|-ERR value is not an integer or out of range",
            "INCRBY n 01|-ERR value is not an integer or out of range", "SET s abc|+OK", "INCR s|-ERR value is not an integer or out of range", "SET s 9223372036854775807|+OK", "INCR s|-ERR increment or decrement would overflow",
            "DECRBY s -9223372036854775808|-ERR decrement would overflow", "INCRBY|-ERR wrong number of arguments for 'incrby' command"] },
        { "many keys", ["MSET a 1 b 2 c 3|+OK", "MGET a nope c|[\"1\", nil, \"3\"]", "MSET a|-ERR wrong number of arguments for 'mset' command", "MSET a 1 b|-ERR wrong number of arguments for 'mset' command",
            "MSET a x a y|+OK", "GET a|\"y\"", "EXISTS a b nope a|:3", "EXISTS a|:1", "TOUCH a nope|:1", "DEL a nope|:1", "DEL a|:0", "UNLINK b c|:2", "DBSIZE|:0", "MGET|-ERR wrong number of arguments for 'mget' command"] },
        { "all keys", ["DBSIZE|:0", "KEYS *|[]", "SET user:1 x|+OK", "DBSIZE|:1", "KEYS *|[\"user:1\"]", "KEYS u?er:[0-9]|[\"user:1\"]", "KEYS user:[^1]|[]", "SCAN 0|[\"0\", [\"user:1\"]]", "SCAN 0 MATCH a*|[\"0\", []]",
            "SCAN 0 TYPE list|[\"0\", []]", "SCAN 0 TYPE string COUNT 100|[\"0\", [\"user:1\"]]", "SCAN x|-ERR invalid cursor", "SCAN 0 COUNT 0|-ERR syntax error", "SCAN 0 COUNT x|-ERR value is not an integer or out of range",
            "SCAN 0 FOO|-ERR syntax error", "SCAN 0 FOO 1|-ERR syntax error", "SCAN -1|-ERR invalid cursor"] },
        { "client", ["CLIENT GETNAME|nil", "CLIENT SETNAME me|+OK", "CLIENT GETNAME|\"me\"", "CLIENT ID x|-ERR wrong number of arguments for 'client|id' command", "CLIENT SETNAME|-ERR wrong number of arguments for 'client|setname' command",
            "CLIENT SETINFO LIB-NAME x|+OK", "CLIENT SETINFO LIB-VER 1.0|+OK", "CLIENT SETINFO FOO x|-ERR Unrecognized option 'FOO'", "CLIENT NO-EVICT ON|+OK", "CLIENT NO-TOUCH OFF|+OK", "CLIENT NO-EVICT maybe|-ERR syntax error",
            "CLIENT LIST TYPE foo|-ERR Unknown client type 'foo'", "CLIENT LIST ID x|-ERR Invalid client ID", "CLIENT LIST FOO|-ERR syntax error", "CLIENT LIST ID 999|\"\"", "CLIENT REPLY ON|+OK",
            "CLIENT CONSISTENCY|\"linearizable\"", "CLIENT CONSISTENCY stale|+OK", "CLIENT CONSISTENCY|\"stale\"", "CLIENT CONSISTENCY sometimes|-ERR CLIENT CONSISTENCY takes one of linearizable, lease, stale"] },
        { "config and command", ["CONFIG GET save|[\"save\", \"\"]", "CONFIG GET appendonly|[\"appendonly\", \"yes\"]", "CONFIG GET nope|[]", "CONFIG GET|-ERR wrong number of arguments for 'config|get' command", "CONFIG GET APPENDF* maxmem*-p*|[\"appendfsync\", \"always\", \"maxmemory-policy\", \"noeviction\"]",
            "COMMAND INFO nope|[nil]", "COMMAND INFO get|[[\"get\", :2, [+readonly, +fast], :1, :1, :1, [+@read, +@string, +@fast], [], [[\"flags\", [+RO, +access], \"begin_search\", [\"type\", \"index\", \"spec\", [\"index\", :1]], \"find_keys\", [\"type\", \"range\", \"spec\", [\"lastkey\", :0, \"keystep\", :1, \"limit\", :0]]]], []]]", "COMMAND DOCS nope|[]", "COMMAND LIST FILTERBY PATTERN client?g*|[\"client|getname\", \"client|getredir\"]", "COMMAND LIST FILTERBY PATTERN get*|[\"get\", \"getset\", \"getex\", \"getrange\", \"getdel\"]",
            "COMMAND LIST FILTERBY ACLCAT nope|[]", "COMMAND LIST FOO|-ERR syntax error", "COMMAND GETKEYS MSET a 1 b 2|[\"a\", \"b\"]", "COMMAND GETKEYS SET a|-ERR Invalid number of arguments specified for command", "COMMAND GETKEYS GET|-ERR wrong number of arguments for 'command|getkeys' command",
            "COMMAND GETKEYS PING x|-ERR The command has no key arguments", "COMMAND GETKEYS CLIENT FOO|-ERR Invalid command specified", "COMMAND GETKEYSANDFLAGS GET a|[[\"a\", [+RO, +access]]]", "COMMAND GETKEYS FOO b|-ERR Invalid command specified", "COMMAND FOO|-ERR unknown subcommand 'FOO'. Try COMMAND HELP."] },
        { "hello", ["HELLO 4|-NOPROTO unsupported protocol version", "HELLO x|-ERR Protocol version is not an integer or out of range", "HELLO 3 FOO|-ERR Syntax error in HELLO option 'FOO'", "HELLO 3 SETNAME|-ERR Syntax error in HELLO option 'SETNAME'",
            "GET a|nil", "AUTH x|-ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?", "AUTH a b c|-ERR syntax error", "AUTH someone x|-WRONGPASS invalid username-password pair or user is disabled.", "AUTH default x|+OK"] },
    };

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Replies_are_Redis_7_word_for_word(string family, string[] script)
    {
        await using var doors = await Doors.OpenAsync();
        await using var client = await doors.ConnectAsync();
        foreach (var step in script)
        {
            var split = step.Split('|', 2);
            Assert.Equal($"{family}: {step}", $"{family}: {split[0]}|{await client.SendAsync(split[0].Split(' '))}");
        }
    }

    [Fact]
    public async Task Resp3_has_its_own_nulls_maps_sets_and_verbatim_strings()
    {
        await using var doors = await Doors.OpenAsync();
        await using var client = await doors.ConnectAsync();
        var hello = await client.SendAsync("HELLO", "3", "SETNAME", "me");
        Assert.StartsWith("%{\"server\": \"redis\", \"version\": \"7.0.15\", \"proto\": :3, \"id\": :", hello, StringComparison.Ordinal);
        Assert.EndsWith("\"mode\": \"standalone\", \"role\": \"master\", \"modules\": []}", hello, StringComparison.Ordinal);
        Assert.Equal("\"me\"", await client.SendAsync("CLIENT", "GETNAME"));
        Assert.Equal("_", await client.SendAsync("GET", "a"));
        Assert.Equal("[_]", await client.SendAsync("MGET", "a"));
        Assert.Equal("_", await client.SendAsync("SET", "a", "1", "XX"));
        Assert.Equal("%{\"save\": \"\"}", await client.SendAsync("CONFIG", "GET", "save"));
        Assert.Equal("[[\"get\", :2, ~[+readonly, +fast], :1, :1, :1, ~[+@read, +@string, +@fast], ~[], ~[%{\"flags\": ~[+RO, +access], \"begin_search\": %{\"type\": \"index\", \"spec\": %{\"index\": :1}}, \"find_keys\": %{\"type\": \"range\", \"spec\": %{\"lastkey\": :0, \"keystep\": :1, \"limit\": :0}}}], ~[]]]", await client.SendAsync("COMMAND", "INFO", "get"));
        Assert.StartsWith("=txt:# Server\r\nredis_version:7.0.15\r\n", await client.SendAsync("INFO", "server"), StringComparison.Ordinal);
        Assert.StartsWith("%{\"get\": %{\"summary\": ", await client.SendAsync("COMMAND", "DOCS", "GET"), StringComparison.Ordinal);
        Assert.Contains("\"proto\", :2", await client.SendAsync("HELLO", "2"), StringComparison.Ordinal);
        Assert.Equal("nil", await client.SendAsync("GET", "a"));
        Assert.Equal("+RESET", await client.SendAsync("RESET"));
        Assert.Equal("nil", await client.SendAsync("CLIENT", "GETNAME"));
    }

    [Fact]
    public async Task Every_command_in_the_table_is_described_and_answers_help()
    {
        await using var doors = await Doors.OpenAsync();
        await using var client = await doors.ConnectAsync();
        var count = int.Parse((await client.SendAsync("COMMAND", "COUNT"))[1..], System.Globalization.CultureInfo.InvariantCulture);
        var names = await client.SendAsync("COMMAND", "LIST");
        Assert.Equal(count, names.Split(',').Length);
        foreach (var name in names.Trim('[', ']').Split(", ").Select(name => name.Trim('"')))
        {
            Assert.Contains("summary", await client.SendAsync("COMMAND", "DOCS", name), StringComparison.Ordinal);
            Assert.DoesNotContain("nil", await client.SendAsync("COMMAND", "INFO", name), StringComparison.Ordinal);
        }

        foreach (var container in new[] { "CLIENT", "CONFIG", "COMMAND" })
        {
            Assert.StartsWith($"[+{container} <subcommand>", await client.SendAsync(container, "HELP"), StringComparison.Ordinal);
        }

        Assert.StartsWith("[[\"ping\"", await client.SendAsync("COMMAND"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Info_has_the_sections_that_are_asked_for()
    {
        await using var doors = await Doors.OpenAsync();
        await using var client = await doors.ConnectAsync();
        await client.SendAsync("SET", "a", "1");
        var all = await client.SendAsync("INFO");
        foreach (var expected in new[] { "# Server", "# Clients", "# Memory", "# Replication", "role:master", "# Keyspace", "db0:keys=1", "redis_mode:standalone", "connected_clients:1" })
        {
            Assert.Contains(expected, all, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("cmdstat_set", all, StringComparison.Ordinal);
        Assert.Contains("cmdstat_set:calls=1", await client.SendAsync("INFO", "everything"), StringComparison.Ordinal);
        Assert.DoesNotContain("# Server", await client.SendAsync("INFO", "clients", "stats"), StringComparison.Ordinal);
        Assert.Equal("\"\"", await client.SendAsync("INFO", "nothing"));
    }

    [Fact]
    public async Task Client_list_names_the_connections_that_are_open()
    {
        await using var doors = await Doors.OpenAsync();
        await using var one = await doors.ConnectAsync();
        await one.SendAsync("CLIENT", "SETNAME", "first");
        await using (var two = await doors.ConnectAsync())
        {
            await two.SendAsync("CLIENT", "SETNAME", "second");
            var list = await one.SendAsync("CLIENT", "LIST");
            Assert.Contains("name=first", list, StringComparison.Ordinal);
            Assert.Contains("name=second", list, StringComparison.Ordinal);
            Assert.Equal("+OK", await two.SendAsync("QUIT"));
            Assert.Equal("closed", await two.ReadAsync());
        }

        var id = (await one.SendAsync("CLIENT", "ID"))[1..];
        Assert.Contains($"id={id} ", await one.SendAsync("CLIENT", "LIST", "ID", id), StringComparison.Ordinal);
        Assert.DoesNotContain("name=second", await one.SendAsync("CLIENT", "INFO"), StringComparison.Ordinal);
        Assert.Equal("-ERR Client names cannot contain spaces, newlines or special characters.", await one.SendAsync("CLIENT", "SETNAME", "a b"));
    }

    [Fact]
    public async Task Time_is_the_node_s_clock()
    {
        await using var doors = await Doors.OpenAsync();
        await using var client = await doors.ConnectAsync();
        Assert.Equal("[\"1893456000\", \"0\"]", await client.SendAsync("TIME"));
        await client.SendAsync("SET", "a", "1", "PX", "10");
        doors.Clock.Advance(TimeSpan.FromMilliseconds(11));
        Assert.Equal("nil", await client.SendAsync("GET", "a"));
        Assert.Equal(":-2", await client.SendAsync("TTL", "a"));
    }
}
