using Cluster.Cluster.Tests.Harness;
using Cluster.Lab.Faults;
using Cluster.Lab.Histories;
using Cluster.Lab.Messages;

namespace Cluster.Cluster.Tests.Partitions;

/// <summary>The messages of real processes, recorded under load and faults: nearly every one has both its ends, and what a cut swallowed says so.</summary>
[Collection(OneClusterGroup.Name)]
public class RecordedMessagesTests(OneCluster one)
{
    [Fact]
    public async Task Messages_of_real_processes_join_across_a_cut_and_a_kill()
    {
        await using var cluster = await one.WholeAsync();
        await using var load = new RecordedLoad(cluster);
        var clock = new HistoryClock(TimeProvider.System);
        var collector = new MessageCollector(cluster.Nodes, clock, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var collecting = collector.RunAsync(stop.Token);
        foreach (var name in cluster.Nodes.NodeNames)
        {
            await Eventually.TrueAsync(TimeSpan.FromSeconds(10), $"{name} records", async () =>
            {
                using var api = cluster.Nodes.Api(name, TimeSpan.FromSeconds(5));
                return (await api.GetRecordingAsync(default)).On;
            });
        }

        await load.ServeAsync(500);
        var cutAt = clock.Now;
        Assert.Empty(await cluster.Links.ChangeAsync(NodeGroups.Isolate("n1", cluster.Nodes.NodeNames).CutPairs(), LinkChange.CutLink, default));
        await load.ServeAsync(500);
        Assert.Empty(await cluster.Links.HealAsync(default));
        await cluster.KillAsync("n2");
        await cluster.RestartAsync("n2");
        var restartedAt = clock.Now;
        await load.ServeAsync(2000);
        await Eventually.TrueAsync(TimeSpan.FromSeconds(10), "n2 records again", async () =>
        {
            using var api = cluster.Nodes.Api("n2", TimeSpan.FromSeconds(5));
            return (await api.GetRecordingAsync(default)).On;
        });
        await load.ServeAsync(1000);
        await load.JudgeAsync();
        await stop.CancelAsync();
        await collecting;

        var messages = collector.Join();

        Assert.Empty(collector.Refused);
        Assert.Equal(0, collector.Missed);
        Assert.All(messages, message => Assert.Contains(message.To, cluster.Nodes.NodeNames)); // Also of what n2 sent before it had met anybody.
        Assert.Contains(messages, message => message is { From: "n1", DroppedBecause: "the link is cut" } && message.SentAt >= cutAt);
        Assert.Contains(messages, message => message is { From: "n2", ReceivedAt: not null } && message.SentAt > restartedAt);
        Assert.Contains(messages, message => message is { Kind: "AppendReply", Keys.Count: > 0 });
        Assert.Contains(messages, message => message is { Kind: "Reply", Keys.Count: > 0 });
        Assert.Contains(messages, message => message.Kind is "RequestVote");

        // Nodes are asked to record one after the other: from when the last of them does, every message has a recorder at both its ends.
        var allRecord = messages.Where(message => message.ReceivedAt is not null).GroupBy(message => message.To).Max(node => node.Min(message => message.ReceivedAt!.Value));
        var quiet = messages.Where(message => message.SentAt > allRecord && message.SentAt < cutAt).ToList();
        Assert.NotEmpty(quiet);
        Assert.True(quiet.Count(message => message.ReceivedAt is not null) >= 0.999 * quiet.Count, $"{quiet.Count(message => message.ReceivedAt is null)} of {quiet.Count} messages of the healthy cluster have no receiver");
        Assert.All(quiet.Where(message => message.ReceivedAt is not null), message => Assert.InRange(message.ReceivedAt!.Value - message.SentAt, 0, 5_000_000_000));
    }
}
