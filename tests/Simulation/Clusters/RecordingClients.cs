using System.Globalization;
using System.Text;
using Cluster.Engine.Simulation;
using Cluster.Lab.Histories;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Simulation.Tests.Clusters;

/// <summary>
/// Clients that work on few keys through whatever node runs, one operation at a time each, and record what they asked, when, and what they learned, as
/// <see cref="Operation"/> means it: a write without a clear answer is recorded as unknown, and its client goes on under a new number.
/// </summary>
internal sealed class RecordingClients(SimulatedCluster cluster, int count)
{
    private static readonly string[] Registers = ["r0", "r1", "r2"];
    private static readonly string[] Counters = ["c0", "c1"];
    private static readonly string Padding = new('.', 60);

    private readonly Client[] clients = [.. Enumerable.Range(0, count).Select(process => new Client(process))];
    private readonly Dictionary<string, HashSet<string>> everWritten = [];
    private int processes = count;
    private int values;

    public List<Operation> History { get; } = [];

    public List<string> WrongStaleReads { get; } = [];

    public int Acknowledged { get; private set; }

    /// <summary>Calls that ended in an error.</summary>
    public int Failed { get; private set; }

    /// <summary>Which of the running nodes may be asked.</summary>
    public Func<SimulatedNode, bool> MayAsk { get; init; } = static _ => true;

    public string Open => string.Join(", ", clients.Where(client => client.Pending is not null).Select(client => $"{client.Op} {client.Key} through {client.Through!.Name} since {client.Call / 1e9:0.000}"));

    private long NowNs => cluster.Time.GetTimestamp() * 100;

    /// <summary>Takes in what was answered, and asks anew where a client is free.</summary>
    public void Turn()
    {
        Collect();
        foreach (var client in clients)
        {
            if (client.Pending is null && NowNs >= client.Next)
            {
                var running = cluster.Nodes.Where(node => node.IsRunning && MayAsk(node)).ToArray();
                if (running.Length > 0)
                {
                    Ask(client, running[cluster.Random.Next(running.Length)]);
                }
            }
        }
    }

    public bool AllEnded()
    {
        Collect();
        return clients.All(client => client.Pending is null);
    }

    private void Ask(Client client, SimulatedNode node)
    {
        var (consistency, stale) = cluster.Random.Next(8) switch
        {
            0 => (ReadConsistency.Stale, true),
            1 or 2 or 3 => (ReadConsistency.Lease, false),
            _ => (ReadConsistency.Linearizable, false),
        };
        KvCommand command;
        if (cluster.Random.Next(4) == 0)
        {
            client.Key = Counters[cluster.Random.Next(Counters.Length)];
            var reads = cluster.Random.Next(2) == 0;
            (client.Op, client.Input) = reads ? ("read", (string[])[]) : ("incr", ["1"]);
            command = reads ? KvCommands.Get(Bytes(client.Key)) : KvCommands.Increment(Bytes(client.Key), 1);
        }
        else
        {
            client.Key = Registers[cluster.Random.Next(Registers.Length)];
            command = OnRegister(client);
        }

        client.Stale = stale && client.Op == "read";
        (client.Through, client.Incarnation, client.Call) = (node, node.Engine, NowNs);
        client.Pending = node.Engine.KeyValue.ExecuteAsync(command, consistency, RequestIdentity.None, default).AsTask();
    }

    private KvCommand OnRegister(Client client)
    {
        var key = Bytes(client.Key);
        var value = $"v{++values}{Padding}";
        switch (cluster.Random.Next(10))
        {
            case < 4:
                (client.Op, client.Input) = ("read", []);
                return KvCommands.Get(key);
            case < 7:
                (client.Op, client.Input) = ("write", [value]);
                break;
            case < 9 when client.Seen is { } seen:
                (client.Op, client.Input) = ("cas", [seen, value]);
                WrittenTo(client.Key).Add(value);
                return KvCommands.Put(key, Bytes(value)).OnlyIfValue(Bytes(seen));
            default:
                (client.Op, client.Input) = ("delete", []);
                return KvCommands.Delete(key);
        }

        WrittenTo(client.Key).Add(value);
        return KvCommands.Put(key, Bytes(value));
    }

    private void Collect()
    {
        foreach (var client in clients)
        {
            if (client.Pending is { IsCompleted: true } over)
            {
                Record(client, over.GetAwaiter().GetResult());
            }
            else if (client.Pending is not null && (!client.Through!.IsRunning || client.Through.Engine != client.Incarnation))
            {
                Record(client, new ClusterError(ErrorCode.OutcomeUnknown, "its node is dead"));
            }
        }
    }

    private void Record(Client client, KvResult result)
    {
        client.Pending = null;
        client.Next = NowNs + (cluster.Random.Next(20) * 1_000_000L);
        var (outcome, output) = Meaning(client, result);
        if (outcome == Outcome.Ok)
        {
            Acknowledged++;
        }
        else
        {
            Failed++;
        }

        if (client.Stale)
        {
            JudgeStale(client, outcome, output);
            return;
        }

        if (client.Op == "read" && outcome == Outcome.Ok && client.Key[0] == 'r')
        {
            client.Seen = output;
        }

        History.Add(new Operation(client.Process, client.Op, client.Key, client.Input, client.Call, NowNs, outcome, output));
        if (outcome == Outcome.Info)
        {
            client.Process = processes++;
        }
    }

    private static (Outcome Outcome, string? Output) Meaning(Client client, KvResult result)
    {
        if (result.Reply is not { } reply)
        {
            return (result.Error!.Code == ErrorCode.OutcomeUnknown ? Outcome.Info : Outcome.Fail, null);
        }

        return client.Op switch
        {
            "read" => (Outcome.Ok, reply.HasValue ? reply.Value.ToStringUtf8() : null),
            "incr" when reply.Status == KvStatus.Ok => (Outcome.Ok, reply.Number.ToString(CultureInfo.InvariantCulture)),
            "cas" => (Outcome.Ok, reply.Status == KvStatus.Ok ? "true" : "false"),
            "write" or "delete" when reply.Status is KvStatus.Ok or KvStatus.NotFound => (Outcome.Ok, null),
            _ => throw new InvalidOperationException($"{client.Op} {client.Key} was answered by {reply.Status} {reply.Detail}"),
        };
    }

    /// <summary>It may be old, but somebody must have written it; of a counter, nothing above the number of increments asked for.</summary>
    private void JudgeStale(Client client, Outcome outcome, string? output)
    {
        var possible = output is null || (client.Key[0] == 'c' ? long.Parse(output, CultureInfo.InvariantCulture) <= processes + History.Count : WrittenTo(client.Key).Contains(output));
        if (outcome == Outcome.Ok && !possible)
        {
            WrongStaleReads.Add($"{client.Key} is {output}");
        }
    }

    private HashSet<string> WrittenTo(string key)
    {
        if (!everWritten.TryGetValue(key, out var written))
        {
            everWritten.Add(key, written = []);
        }

        return written;
    }

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);

    private sealed class Client(int process)
    {
        public int Process { get; set; } = process;

        public Task<KvResult>? Pending { get; set; }

        public SimulatedNode? Through { get; set; }

        /// <summary>The process that was asked: after a restart the node is another one.</summary>
        public object? Incarnation { get; set; }

        public string Op { get; set; } = "";

        public string Key { get; set; } = "";

        public string?[] Input { get; set; } = [];

        public bool Stale { get; set; }

        /// <summary>The value read last, for compare-and-set.</summary>
        public string? Seen { get; set; }

        public long Call { get; set; }

        public long Next { get; set; }
    }
}
