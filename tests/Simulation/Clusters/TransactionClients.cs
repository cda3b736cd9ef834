using System.Globalization;
using System.Text;
using Cluster.Engine.Simulation;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Simulation.Tests.Clusters;

/// <summary>
/// Clients that work in transactions, one at a time each, through whatever node runs: they move money between two accounts, read both, or raise a counter as WATCH
/// would have it: read, add one, write only if it is as it was read.
/// </summary>
internal sealed class TransactionClients(SimulatedCluster cluster, int count)
{
    private const int Money = 1_000;
    private static readonly byte[] Here = Bytes("{bank}here");
    private static readonly byte[] There = Bytes("{bank}there");
    private static readonly byte[] Counter = Bytes("{bank}counter");

    private readonly Client[] clients = [.. Enumerable.Range(0, count).Select(_ => new Client())];
    private readonly List<string> wrong = [];
    private int reads;
    private int moves;
    private int raised;
    private int perhapsRaised;
    private int refused;

    /// <summary>All the money is in one account.</summary>
    public void Open()
    {
        var opened = Await(KvCommands.Batch(KvCommands.Put(Here, Bytes(Money.ToString(CultureInfo.InvariantCulture))), KvCommands.Put(There, Bytes("0")), KvCommands.Put(Counter, Bytes("0"))));
        Assert.Equal(KvStatus.Ok, opened.Status);
    }

    public void Turn()
    {
        Collect();
        var running = cluster.Nodes.Where(node => node.IsRunning).ToArray();
        foreach (var client in clients)
        {
            if (client.Pending is null && running.Length > 0)
            {
                var node = running[cluster.Random.Next(running.Length)];
                Ask(client, node, cluster.Random.Next(6));
            }
        }
    }

    public bool AllEnded()
    {
        Collect();
        return clients.All(client => client.Pending is null);
    }

    /// <summary>What was seen on the way, and what stands in the end.</summary>
    public void Judge(string story)
    {
        var end = Await(KvCommands.Batch(KvCommands.Get(Here), KvCommands.Get(There), KvCommands.Get(Counter)));
        Look(end, "in the end");
        var counter = Number(end.Replies[2]);
        Assert.True(counter >= raised && counter <= raised + perhapsRaised, $"the counter is {counter}: {raised} raises were acknowledged, of {perhapsRaised} nobody knows\n{story}");
        Assert.True(wrong.Count == 0, $"{string.Join("\n", wrong)}\n{story}");
        Assert.True(reads > 100 && moves > 30 && raised > 30 && refused > 10, $"{reads} reads, {moves} moves, {raised} raises, {refused} refused: the run shows nothing\n{story}");
    }

    private void Ask(Client client, SimulatedNode node, int what)
    {
        var amount = cluster.Random.Next(1, 50);
        var both = KvCommands.Batch(KvCommands.Get(Here), KvCommands.Get(There));
        switch (what)
        {
            case 0:
                Send(client, node, Kind.Read, both, ReadConsistency.Stale);
                break;
            case 1:
                Send(client, node, Kind.Read, both, cluster.Random.Next(2) == 0 ? ReadConsistency.Lease : ReadConsistency.Linearizable);
                break;
            case 2:
                Send(client, node, Kind.Move, KvCommands.Batch(KvCommands.Increment(Here, -amount), KvCommands.Get(Here), KvCommands.Increment(There, amount), KvCommands.Get(There)));
                break;
            case 3 when client.Seen is { } seen:
                var (here, there) = (Number(seen.Replies[0]) - amount, Number(seen.Replies[1]) + amount);
                Send(client, node, Kind.Move, KvCommands.Batch(KvCommands.Put(Here, Bytes(here)), KvCommands.Put(There, Bytes(there)))
                    .Guarding(Here, seen.Replies[0].Revision).Guarding(There, seen.Replies[1].Revision));
                break;
            case 4 when client.Watched is { } watched:
                client.Watched = null;
                Send(client, node, Kind.Raise, KvCommands.Batch(KvCommands.Put(Counter, Bytes(Number(watched) + 1))).Guarding(Counter, watched.Revision));
                break;
            default:
                Send(client, node, Kind.Watch, KvCommands.Batch(KvCommands.Get(Counter)));
                break;
        }
    }

    private static void Send(Client client, SimulatedNode node, Kind kind, KvCommand batch, ReadConsistency consistency = ReadConsistency.Linearizable)
    {
        (client.Kind, client.Through, client.Incarnation, client.Consistency) = (kind, node, node.Engine, consistency);
        client.Pending = node.Engine.KeyValue.ExecuteAsync(batch, consistency, RequestIdentity.None, default).AsTask();
    }

    private void Collect()
    {
        foreach (var client in clients)
        {
            if (client.Pending is { IsCompleted: true } over)
            {
                Conclude(client, over.GetAwaiter().GetResult());
            }
            else if (client.Pending is not null && (!client.Through!.IsRunning || client.Through.Engine != client.Incarnation))
            {
                Conclude(client, new ClusterError(ErrorCode.OutcomeUnknown, "its node is dead"));
            }
        }
    }

    private void Conclude(Client client, KvResult result)
    {
        client.Pending = null;
        if (result.Reply is not { } reply)
        {
            perhapsRaised += client.Kind == Kind.Raise && result.Error!.Code == ErrorCode.OutcomeUnknown ? 1 : 0;
            return;
        }

        if (reply.Status == KvStatus.ConditionFailed)
        {
            refused++;
            client.Seen = null;
            return;
        }

        switch (client.Kind)
        {
            case Kind.Read when client.Consistency == ReadConsistency.Stale && reply.Replies[0].Status == KvStatus.NotFound:
                break; // A copy as old as that.
            case Kind.Read:
                reads++;
                Look(reply, $"{client.Consistency} through {client.Through!.Name}");
                client.Seen = reply;
                break;
            case Kind.Move:
                moves++;
                if (reply.Replies.Count == 4)
                {
                    var inside = reply.Clone();
                    inside.Replies.Clear();
                    inside.Replies.Add([reply.Replies[1], reply.Replies[3]]);
                    Look(inside, "inside a move");
                }

                client.Seen = null;
                break;
            case Kind.Raise:
                raised++;
                break;
            default:
                client.Watched = reply.Replies[0];
                break;
        }
    }

    private void Look(KvReply both, string how)
    {
        if (Number(both.Replies[0]) + Number(both.Replies[1]) != Money)
        {
            wrong.Add($"{how}: {both.Replies[0].Value.ToStringUtf8()} and {both.Replies[1].Value.ToStringUtf8()} are not {Money}");
        }
    }

    private KvReply Await(KvCommand command)
    {
        var result = cluster.Await(cluster.Nodes[0].Engine.KeyValue.ExecuteAsync(command, ReadConsistency.Linearizable, RequestIdentity.None, default), TimeSpan.FromSeconds(20));
        return result.Reply ?? throw new InvalidOperationException(result.Error!.Message);
    }

    private static int Number(KvReply reply) => int.Parse(reply.Value.Span, CultureInfo.InvariantCulture);

    private static byte[] Bytes(int number) => Bytes(number.ToString(CultureInfo.InvariantCulture));

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);

    private enum Kind
    {
        Read,
        Move,
        Watch,
        Raise,
    }

    private sealed class Client
    {
        public Task<KvResult>? Pending { get; set; }

        public Kind Kind { get; set; }

        public SimulatedNode? Through { get; set; }

        /// <summary>The process that was asked: after a restart the node is another one.</summary>
        public object? Incarnation { get; set; }

        public ReadConsistency Consistency { get; set; }

        /// <summary>Both accounts as read last.</summary>
        public KvReply? Seen { get; set; }

        /// <summary>The counter as read last.</summary>
        public KvReply? Watched { get; set; }
    }
}
