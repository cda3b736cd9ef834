using Cluster.Engine.Hosting;
using Cluster.Node.Tests.Support;
using Cluster.Shared.Ids;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Node.Tests.Resp;

/// <summary>A node that sends clients elsewhere. Of the keys here b (slot 3300) is led by this node, a (slot 15495) by the other one.</summary>
public sealed class RedirectTests
{
    private static readonly NodeAddress Other = new("127.0.0.1", 6380);

    public static TheoryData<string, string[]> Scripts => new()
    {
        { "keys led elsewhere", ["SET b 1|+OK", "GET b|\"1\"", "SET a 1|-MOVED 15495 127.0.0.1:6380", "GET a|-MOVED 15495 127.0.0.1:6380", "MGET {a}1 {a}2|-MOVED 15495 127.0.0.1:6380", "PING|+PONG",
            "GET|-ERR wrong number of arguments for 'get' command"] },
        { "keys of several slots", ["MSET b 1 c 2|-CROSSSLOT Keys in request don't hash to the same slot", "MGET b a|-CROSSSLOT Keys in request don't hash to the same slot", "DEL {b}1 {b}2|:0", "RENAME b c|-CROSSSLOT Keys in request don't hash to the same slot"] },
        { "copies", ["READONLY|+OK", "GET a|nil", "MGET a {a}b|[nil, nil]", "SET a 1|-MOVED 15495 127.0.0.1:6380", "READWRITE|+OK", "GET a|-MOVED 15495 127.0.0.1:6380", "READONLY|+OK", "RESET|+RESET", "GET a|-MOVED 15495 127.0.0.1:6380"] },
        { "asking is for one command", ["ASKING|+OK", "SET a 1|+OK", "GET a|-MOVED 15495 127.0.0.1:6380", "ASKING|+OK", "PING|+PONG", "GET a|-MOVED 15495 127.0.0.1:6380", "ASKING|+OK", "MGET a|[\"1\"]"] },
        { "transactions", ["MULTI|+OK", "SET b 1|+QUEUED", "GET b|+QUEUED", "EXEC|[+OK, \"1\"]", "MULTI|+OK", "GET a|-MOVED 15495 127.0.0.1:6380", "EXEC|-EXECABORT Transaction discarded because of previous errors.", "WATCH a|-MOVED 15495 127.0.0.1:6380"] },
        { "questions on slots", ["CLUSTER KEYSLOT {b}x|:3300", "SET b 1|+OK", "SET {b}2 1|+OK", "CLUSTER COUNTKEYSINSLOT 3300|:2", "CLUSTER GETKEYSINSLOT 3300 10|[\"b\", \"{b}2\"]", "CLUSTER GETKEYSINSLOT 3300 1|[\"b\"]", "CLUSTER GETKEYSINSLOT 3300 0|[]",
            "CLUSTER COUNTKEYSINSLOT 16384|-ERR Invalid slot", "CLUSTER COUNTKEYSINSLOT x|-ERR Invalid slot", "CLUSTER GETKEYSINSLOT 3300 -1|-ERR Invalid slot or number of keys", "CLUSTER COUNTKEYSINSLOT|-ERR wrong number of arguments for 'cluster|countkeysinslot' command"] },
        { "the cluster in tables", ["CLUSTER MYID|\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
            "CLUSTER SLOTS|[[:0, :4095, A, B], [:4096, :8191, A, B], [:8192, :16383, B, A]]".Replace("A", Endpoint('a', 6379), StringComparison.Ordinal).Replace("B", Endpoint('b', 6380), StringComparison.Ordinal),
            "CLUSTER NODES|\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 127.0.0.1:6379@4053 myself,master - 0 0 3 connected 0-8191\nbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb 127.0.0.1:6380@4054 master - 0 0 5 connected 8192-16383\n\"",
            "CLUSTER REPLICAS aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa|[\"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb 127.0.0.1:6380@4054 slave aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 0 0 5 connected\"]", "CLUSTER REPLICAS x|-ERR Unknown node x"] },
    };

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Clients_are_sent_where_a_Redis_Cluster_node_would_send_them(string what, string[] script)
    {
        await using var doors = await Doors.OpenAsync(redirect: true);
        await using var client = await doors.ConnectAsync();
        foreach (var step in script)
        {
            var split = step.Split('|', 2);
            Assert.Equal($"{what}: {step}", $"{what}: {split[0]}|{await client.SendAsync(split[0].Split(' '))}");
        }
    }

    [Fact]
    public async Task A_copy_answers_stale_and_the_leader_does_not()
    {
        await using var doors = await Doors.OpenAsync(redirect: true);
        await using var client = await doors.ConnectAsync();
        await client.SendAsync("READONLY");
        await client.SendAsync("GET", "a");
        await client.SendAsync("GET", "b");
        Assert.Equal([ReadConsistency.Stale, ReadConsistency.Linearizable], doors.Store.Consistencies);
    }

    [Fact]
    public async Task While_leadership_is_handed_over_writes_are_sent_after_it_and_reads_are_answered()
    {
        await using var doors = await Doors.OpenAsync(redirect: true);
        await using var client = await doors.ConnectAsync();
        doors.Map.Route = _ => new SlotRoute(SlotRouteKind.HandingOver, Other, true);
        Assert.Equal("-ASK 3300 127.0.0.1:6380", await client.SendAsync("SET", "b", "1"));
        Assert.Equal("nil", await client.SendAsync("GET", "b"));
        await client.SendAsync("ASKING");
        Assert.Equal("+OK", await client.SendAsync("SET", "b", "1"));
    }

    [Fact]
    public async Task Where_no_leader_is_known_the_node_waits_for_one_and_says_when_there_is_none()
    {
        await using var doors = await Doors.OpenAsync(redirect: true);
        await using var client = await doors.ConnectAsync();
        doors.Map.Route = _ => default(SlotRoute);
        Assert.Equal("+OK", await client.SendAsync("SET", "a", "1"));
        doors.Store.Before = _ => Task.FromResult<ClusterError?>(new ClusterError(ErrorCode.Unavailable, "shard-3 has no leader"));
        Assert.Equal("-CLUSTERDOWN shard-3 has no leader", await client.SendAsync("SET", "a", "1"));
    }

    [Fact]
    public async Task Commands_over_all_keys_are_over_those_led_here()
    {
        await using var doors = await Doors.OpenAsync(redirect: true);
        await using var client = await doors.ConnectAsync();
        await using var elsewhere = await doors.ConnectAsync();
        doors.Map.Route = _ => new SlotRoute(SlotRouteKind.Here, null, true);
        for (var i = 0; i < 40; i++)
        {
            await client.SendAsync("SET", $"k{i}", "1");
        }

        var (first, second) = (await doors.Store.CountAsync(0), await doors.Store.CountAsync(1));
        var here = first + second;
        Assert.InRange(here, 1, 39);
        Assert.Equal($":{here}", await client.SendAsync("DBSIZE"));
    }

    [Fact]
    public async Task A_node_that_redirects_says_so()
    {
        await using var doors = await Doors.OpenAsync(redirect: true);
        await using var client = await doors.ConnectAsync();
        Assert.Contains("cluster_enabled:1", await client.SendAsync("INFO", "cluster"), StringComparison.Ordinal);
        Assert.Contains("redis_mode:cluster", await client.SendAsync("INFO", "server"), StringComparison.Ordinal);
        var info = await client.SendAsync("CLUSTER", "INFO");
        Assert.Contains("cluster_state:ok\r\ncluster_slots_assigned:16384\r\ncluster_slots_ok:16384", info, StringComparison.Ordinal);
        Assert.Contains("cluster_known_nodes:2\r\ncluster_size:2", info, StringComparison.Ordinal);
        var view = doors.Map.View;
        doors.Map.View = view with { Ranges = [view.Ranges[0], view.Ranges[1], view.Ranges[2] with { Leader = null }] };
        Assert.Contains("cluster_state:fail", await client.SendAsync("CLUSTER", "INFO"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_does_not_redirect_tells_clients_that_it_is_all_there_is()
    {
        await using var doors = await Doors.OpenAsync();
        await using var client = await doors.ConnectAsync();
        Assert.Equal($"[[:0, :16383, {Endpoint('a', 6379)}, {Endpoint('b', 6380)}]]", await client.SendAsync("CLUSTER", "SLOTS"));
        Assert.Equal(":15495", await client.SendAsync("CLUSTER", "KEYSLOT", "a"));
        Assert.Equal("+OK", await client.SendAsync("SET", "a", "1"));
        Assert.Contains("cluster_enabled:0", await client.SendAsync("INFO", "cluster"), StringComparison.Ordinal);
    }

    private static string Endpoint(char id, int port) => $"[\"127.0.0.1\", :{port}, \"{new string(id, 40)}\", []]";
}
