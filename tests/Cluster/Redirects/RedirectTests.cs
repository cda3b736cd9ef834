using System.Globalization;
using Cluster.Cluster.Tests.Harness;
using Cluster.Lab.Resp;
using Cluster.Shared.Slots;

namespace Cluster.Cluster.Tests.Redirects;

/// <summary>Nodes that redirect, before and after one of them is killed: redis-cli as a cluster client and as a cluster's inspector, and a client that follows nothing.</summary>
public sealed class RedirectTests
{
    private const int Keys = 40;

    /// <summary>How redis-cli begins the line that says where it was sent.</summary>
    private const string RedirectNote = "-> Redirected to slot";

    /// <summary>Three failovers' time on a machine ten times slower and busier.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cluster_client_is_led_to_the_leaders_also_after_one_is_killed()
    {
        await using var cluster = await TestCluster.StartAsync(redirect: true);
        string[] all = ["n1", "n2", "n3"];
        await IsServedAsync(cluster, all);

        var victim = await MovedToAsync(cluster, "n1");
        await cluster.KillAsync(victim);

        await IsServedAsync(cluster, [.. all.Except([victim])]);
    }

    /// <summary>Through each node redis-cli writes and reads everything, and finds all slots covered; every MOVED leads to a node that serves the key.</summary>
    private static async Task IsServedAsync(TestCluster cluster, string[] nodes)
    {
        foreach (var node in nodes)
        {
            var (script, replies) = Script(node);
            await CliAsync(cluster, node, "redis-cli -c writes and reads every key", ["-c"], script, run => run.Output.Contains(RedirectNote, StringComparison.Ordinal) && WithoutNotes(run.Output) == replies);
            await CliAsync(
                cluster,
                node,
                "redis-cli --cluster check finds nothing wrong",
                ["--cluster", "check", cluster.Nodes.Node(node).Resp],
                "",
                run => run.Output.Contains("[OK] All 16384 slots covered", StringComparison.Ordinal) && run.Output.Contains("[OK] All nodes agree about slots configuration", StringComparison.Ordinal));
        }

        foreach (var key in Enumerable.Range(0, Keys).Select(Key))
        {
            await Eventually.TrueAsync(Patience, $"every MOVED for {key} leads to the node that serves it", () => LeadsThereAsync(cluster, nodes, key));
        }
    }

    private static Task CliAsync(TestCluster cluster, string node, string what, string[] arguments, string input, Func<ConsoleProcess, bool> accept)
    {
        string[] at = arguments.Contains("--cluster") ? [] : ["-p", PortOf(cluster.Nodes.Node(node).Resp)];
        return Eventually.GetAsync(Patience, $"through {node} {what}", () => ConsoleProcess.RunAsync("redis-cli", [.. at, .. arguments], input: input), run => run.ExitCode == 0 && accept(run));
    }

    private static async Task<bool> LeadsThereAsync(TestCluster cluster, string[] nodes, string key)
    {
        var led = 0;
        foreach (var node in nodes)
        {
            var reply = await AskAsync(cluster, node, key);
            if (!reply.IsError)
            {
                led++;
            }
            else if (nodes.FirstOrDefault(other => other != node && reply.Text == $"MOVED {HashSlot.Of(System.Text.Encoding.ASCII.GetBytes(key))} {cluster.Nodes.Node(other).Resp}") is not { } leader
                     || (await AskAsync(cluster, leader, key)).IsError)
            {
                return false;
            }
        }

        return led == 1;
    }

    /// <summary>Some node that this one sends clients to.</summary>
    private static async Task<string> MovedToAsync(TestCluster cluster, string node)
    {
        foreach (var key in Enumerable.Range(0, Keys).Select(Key))
        {
            if (await AskAsync(cluster, node, key) is { ErrorCode: "MOVED" } moved)
            {
                return cluster.Nodes.NodeNames.Single(other => moved.Text!.EndsWith(' ' + cluster.Nodes.Node(other).Resp, StringComparison.Ordinal));
            }
        }

        throw new InvalidOperationException($"{node} leads every shard");
    }

    private static async Task<RespValue> AskAsync(TestCluster cluster, string node, string key)
    {
        await using var client = await cluster.ConnectAsync(node);
        return await client.SendAsync(Cancellation, "GET", key);
    }

    private static (string Script, string Replies) Script(string value)
    {
        var keys = Enumerable.Range(0, Keys).Select(Key).ToArray();
        return (
            string.Concat(keys.Select(key => $"SET {key} {value}\n").Concat(keys.Select(key => $"GET {key}\n"))),
            string.Concat(keys.Select(_ => "OK\n").Concat(keys.Select(_ => value + "\n"))));
    }

    private static string WithoutNotes(string output) =>
        string.Concat(output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith(RedirectNote, StringComparison.Ordinal)).Select(line => line + '\n'));

    private static string Key(int i) => string.Create(CultureInfo.InvariantCulture, $"key:{i}");

    private static string PortOf(string address) => address[(address.LastIndexOf(':') + 1)..];
}
