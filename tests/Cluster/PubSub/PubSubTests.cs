using System.Diagnostics;
using Cluster.Cluster.Tests.Harness;

namespace Cluster.Cluster.Tests.PubSub;

/// <summary>Publish-subscribe between real nodes, with the clients that people use: what is said at one node is heard at the others, also after one was killed.</summary>
[Collection(OneClusterGroup.Name)]
public sealed class PubSubTests(OneCluster shared)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_published_at_one_node_is_heard_at_the_others_by_every_door()
    {
        await using var cluster = await shared.WholeAsync();
        await using var heard = Listening.Start("redis-cli", "-p", PortOf(cluster, "n1"), "subscribe", "news");
        await using var matched = Listening.Start("redis-cli", "-p", PortOf(cluster, "n2"), "psubscribe", "n*");
        await using var console = Listening.Start("dotnet", ConsoleProcess.ConsoleDll, "pubsub", "subscribe", "news", "--node", "n3", "--dir", cluster.Nodes.Directory.Path);
        await RoutesAsync(cluster, "n3", "news", 2);
        var published = await ConsoleProcess.RunAsync("redis-cli", ["-p", PortOf(cluster, "n3"), "publish", "news", "hello from n3"]);
        Assert.Equal("3\n", published.Output);
        await heard.UntilAsync("hello from n3");
        await matched.UntilAsync("hello from n3");
        await console.UntilAsync("news  hello from n3");
        var topics = await ConsoleProcess.LabAsync(cluster.Nodes.Directory.Path, "pubsub", "topics", "--node", "n2");
        Assert.Contains("n1:1 n3:1", topics.Output, StringComparison.Ordinal);

        await cluster.KillAsync("n1");
        await cluster.RestartAsync("n1");
        await using var again = Listening.Start("redis-cli", "-p", PortOf(cluster, "n1"), "subscribe", "news");
        await RoutesAsync(cluster, "n2", "news", 2);
        var told = await ConsoleProcess.LabAsync(cluster.Nodes.Directory.Path, "pubsub", "publish", "news", "after the kill", "--node", "n2");
        Assert.Equal("told 3 subscriptions: 1 here, the others at 2 other nodes\n", told.Output);
        await again.UntilAsync("after the kill");
        await console.UntilAsync("after the kill");
        Assert.DoesNotContain("after the kill", heard.Text, StringComparison.Ordinal); // Its node was killed, and its connection with it.
    }

    private static Task RoutesAsync(TestCluster cluster, string node, string topic, long subscriptions) => Eventually.TrueAsync(Patience, $"{node} knows of {subscriptions} subscriptions to {topic}", async () =>
    {
        await using var client = await cluster.ConnectAsync(node);
        return (await client.SendAsync(Cancellation, "PUBSUB", "NUMSUB", topic)).Items![1].Number == subscriptions;
    });

    private static string PortOf(TestCluster cluster, string node) => cluster.Nodes.Node(node).Resp[(cluster.Nodes.Node(node).Resp.LastIndexOf(':') + 1)..];

    /// <summary>A program that prints what it hears until it is ended.</summary>
    private sealed class Listening : IAsyncDisposable
    {
        private readonly Process process;
        private readonly List<string> lines = [];

        private Listening(Process process) => this.process = process;

        public string Text
        {
            get
            {
                lock (lines)
                {
                    return string.Join('\n', lines);
                }
            }
        }

        public static Listening Start(string program, params string[] arguments)
        {
            var listening = new Listening(new Process { StartInfo = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true } });
            listening.process.OutputDataReceived += (_, line) =>
            {
                lock (listening.lines)
                {
                    listening.lines.Add(line.Data ?? "");
                }
            };
            listening.process.Start();
            listening.process.BeginOutputReadLine();
            listening.process.BeginErrorReadLine(); // redis-cli complains when its node is killed.
            return listening;
        }

        public Task UntilAsync(string text) => Eventually.TrueAsync(Patience, $"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)} prints '{text}'; it printed: {Text}", () => Task.FromResult(Text.Contains(text, StringComparison.Ordinal)));

        public async ValueTask DisposeAsync()
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
        }
    }
}
