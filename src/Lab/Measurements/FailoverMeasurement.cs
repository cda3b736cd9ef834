using System.Net.Sockets;
using Cluster.Lab.Resp;
using Cluster.Lab.Targets;
using Cluster.Shared.Files;
using Cluster.Shared.Http;
using Cluster.Shared.Ids;
using Cluster.Shared.Slots;

namespace Cluster.Lab.Measurements;

/// <summary>
/// How long a shard's keys do not answer when its leader's process is killed: from the SIGKILL to the first write acknowledged through a node that lives.
/// Each round kills one leader, waits for the answer, starts the node again and waits until the cluster is whole.
/// </summary>
public sealed class FailoverMeasurement(ClusterTarget cluster, Random random, TimeProvider time)
{
    private static readonly TimeSpan ApiTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WholeAgain = TimeSpan.FromSeconds(30);

    /// <summary>One round.</summary>
    /// <exception cref="LabException">No shard has a leader, or the cluster did not become whole again.</exception>
    public async Task<FailoverSample> RunAsync(CancellationToken cancellation)
    {
        var view = await ViewAsync(cluster.NodeNames[0], cancellation).ConfigureAwait(false);
        var led = view.Shards.Where(shard => shard is { Shard: > 0, Leader: not null }).ToArray();
        if (led.Length == 0)
        {
            throw new LabException($"{view.Self} knows no shard with a leader: is the cluster ready? See 'lab status'");
        }

        var shard = led[random.Next(led.Length)];
        var others = cluster.Nodes.Where(node => node.Name != shard.Leader).ToArray();
        var door = others[random.Next(others.Length)];
        var key = KeyOf(shard);
        await SetAsync(door, key, cancellation).ConfigureAwait(false);

        var killed = time.GetTimestamp();
        await cluster.KillAsync(shard.Leader!, cancellation).ConfigureAwait(false);
        var attempts = 0;
        while (true)
        {
            attempts++;
            if (await TrySetAsync(door, key, cancellation).ConfigureAwait(false))
            {
                break;
            }
        }

        var gap = time.GetElapsedTime(killed);
        await cluster.WaitForAsync(shard.Leader!, ProcessState.Dead, WholeAgain, cancellation).ConfigureAwait(false); // Until then it holds its ports.
        await cluster.RestartAsync(shard.Leader!, cancellation).ConfigureAwait(false);
        await cluster.WaitReadyAsync(cluster.NodeNames, WholeAgain, static (_, _) => { }, cancellation).ConfigureAwait(false);
        return new FailoverSample(new ShardId(shard.Shard), shard.Leader!, door.Name, gap, attempts);
    }

    private async Task<ClusterView> ViewAsync(string node, CancellationToken cancellation)
    {
        using var api = cluster.Api(node, ApiTimeout);
        return await api.GetClusterAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>A key of that shard: one of some thousand tries hits a range of slots that is not tiny.</summary>
    private string KeyOf(ShardView shard)
    {
        while (true)
        {
            var key = $"failover-{random.Next():x}";
            var slot = HashSlot.Of(System.Text.Encoding.ASCII.GetBytes(key));
            if (slot >= shard.FirstSlot && slot <= shard.LastSlot)
            {
                return key;
            }
        }
    }

    private static async Task SetAsync(ClusterFileNode door, string key, CancellationToken cancellation)
    {
        if (!await TrySetAsync(door, key, cancellation).ConfigureAwait(false))
        {
            throw new LabException($"{door.Name} does not take writes before anything was killed; see 'lab status'");
        }
    }

    private static async Task<bool> TrySetAsync(ClusterFileNode door, string key, CancellationToken cancellation)
    {
        try
        {
            await using var client = await RespClient.ConnectAsync(door, cancellation).ConfigureAwait(false);
            var reply = await client.SendAsync(cancellation, "SET", key, "x").ConfigureAwait(false);
            return !reply.IsError;
        }
        catch (Exception broken) when (broken is IOException or SocketException)
        {
            return false;
        }
    }
}
