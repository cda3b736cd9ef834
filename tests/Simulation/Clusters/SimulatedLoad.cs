using System.Text;
using Cluster.Engine.Simulation;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Simulation.Tests.Clusters;

/// <summary>Writers, each with keys of its own, one write at a time through any running node. It knows, for each key, what was acknowledged last and what may stand there besides.</summary>
internal sealed class SimulatedLoad(SimulatedCluster cluster, int writers)
{
    private readonly Writer[] clients = [.. Enumerable.Range(0, writers).Select(number => new Writer(number))];

    public int Acknowledged { get; private set; }

    public int Failed { get; private set; }

    public string? LastError { get; private set; }

    /// <summary>A node that is not asked: one that has just been started and says that it is not ready.</summary>
    public SimulatedNode? Avoid { get; set; }

    /// <summary>The only nodes asked; null for all that run.</summary>
    public IReadOnlyList<SimulatedNode>? Among { get; set; }

    /// <summary>What else happens with each turn.</summary>
    public Action EachTurn { get; set; } = static () => { };

    /// <summary>Lets time pass under load.</summary>
    public void Run(TimeSpan span)
    {
        var end = cluster.Time.GetUtcNow() + span;
        while (cluster.Time.GetUtcNow() < end)
        {
            Turn();
            EachTurn();
            cluster.Run(TimeSpan.FromMilliseconds(2));
        }
    }

    /// <summary>Waits for what is under way.</summary>
    public void Finish() => cluster.RunUntil(
        () =>
        {
            Collect();
            return clients.All(client => client.Pending is null);
        },
        TimeSpan.FromSeconds(20),
        () => "the last writes to end");

    /// <summary>Every key, read through any node, holds the last acknowledged value or one whose outcome is unknown.</summary>
    public IReadOnlyList<string> Lost()
    {
        var lost = new List<string>();
        foreach (var client in clients)
        {
            for (var key = 0; key < Writer.Keys; key++)
            {
                var node = cluster.Nodes.Where(node => node.IsRunning).ElementAt(key % cluster.Nodes.Count(node => node.IsRunning));
                var result = cluster.Await(node.Engine.KeyValue.ExecuteAsync(KvCommands.Get(client.KeyBytes(key)), ReadConsistency.Linearizable, RequestIdentity.None, default), TimeSpan.FromSeconds(20));
                var found = result.Reply is { HasValue: true } reply ? reply.Value.ToStringUtf8() : result.Error?.ToString();
                if (!client.Allowed[key].Contains(found ?? ""))
                {
                    lost.Add($"{client.KeyText(key)}: {found ?? "nothing"} instead of one of {string.Join(", ", client.Allowed[key])}");
                }
            }
        }

        return lost;
    }

    private void Turn()
    {
        Collect();
        var running = cluster.Nodes.Where(node => node.IsRunning && node != Avoid && Among?.Contains(node) != false).ToArray();
        if (running.Length == 0)
        {
            return;
        }

        foreach (var client in clients)
        {
            if (client.Pending is not null)
            {
                continue;
            }

            var node = running[cluster.Random.Next(running.Length)];
            client.Key = cluster.Random.Next(Writer.Keys);
            client.Value = $"{client.Number}-{++client.Count}";
            client.Pending = node.Engine.KeyValue.ExecuteAsync(
                KvCommands.Put(client.KeyBytes(client.Key), ByteString.CopyFromUtf8(client.Value).Memory), ReadConsistency.Linearizable, RequestIdentity.None, default).AsTask();
            client.Through = node;
        }
    }

    private void Collect()
    {
        foreach (var client in clients)
        {
            if (client.Pending is { IsCompleted: true } over)
            {
                client.Pending = null;
                Judge(client, over.GetAwaiter().GetResult());
            }
            else if (client.Pending is not null && client.Through is { IsRunning: false })
            {
                client.Pending = null; // Its node is dead: nobody will ever say.
                client.Allowed[client.Key].Add(client.Value);
                Failed++;
            }
        }
    }

    private void Judge(Writer client, KvResult result)
    {
        if (result.Reply is { Status: KvStatus.Ok })
        {
            client.Allowed[client.Key] = [client.Value];
            Acknowledged++;
        }
        else
        {
            Failed++;
            LastError = result.Error?.ToString();
            if (result.Error?.Code == ErrorCode.OutcomeUnknown)
            {
                client.Allowed[client.Key].Add(client.Value);
            }
        }
    }

    private sealed class Writer(int number)
    {
        public const int Keys = 8;

        public int Number { get; } = number;

        public HashSet<string>[] Allowed { get; } = [.. Enumerable.Range(0, Keys).Select(_ => new HashSet<string> { "" })];

        public Task<KvResult>? Pending { get; set; }

        public SimulatedNode? Through { get; set; }

        public int Key { get; set; }

        public string Value { get; set; } = "";

        public int Count { get; set; }

        public string KeyText(int key) => $"w{Number}-k{key}";

        public ReadOnlyMemory<byte> KeyBytes(int key) => Encoding.ASCII.GetBytes(KeyText(key));
    }
}
